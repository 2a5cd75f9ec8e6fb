import type { PanePoint } from './geometry/pane-transform.ts';
import { frameToPane } from './geometry/pane-transform.ts';
import type { Plane } from './geometry/plane.ts';
import { dragWindow } from './window-level.ts';
import type { Tool, Viewer } from './viewer.svelte.ts';

type Drag = Tool;

/** A press that moves less than this is a click. */
const CLICK_PIXELS = 3;
/** So near to a line of the crosshair a drag takes hold of it. */
const GRIP_PIXELS = 5;
const WHEEL_LINE_PIXELS = 32;
const WHEEL_STEP_PIXELS = 60;
const ZOOM_PER_PIXEL = 1.006;

/**
 * What the mouse does in a pane, as in 3D Slicer, ITK-SNAP and OHIF: the wheel moves through slices (with Ctrl it zooms), the left
 * button does what the tool says and a click sets the crosshair, the middle one (or Shift) moves the image, the right one
 * zooms, a double click shows the pane alone.
 */
export class PaneGestures {
  readonly #viewer: Viewer;
  readonly #plane: Plane;
  readonly #element: HTMLElement;
  #drag: Drag | undefined;
  #start: PanePoint = { x: 0, y: 0 };
  #last: PanePoint = { x: 0, y: 0 };
  #startWindow = { centre: 0, width: 1 };
  #hasMoved = false;
  #wheel = 0;

  constructor(viewer: Viewer, plane: Plane, element: HTMLElement) {
    this.#viewer = viewer;
    this.#plane = plane;
    this.#element = element;
  }

  readonly pointerdown = (event: PointerEvent): void => {
    if (this.#viewer.image === undefined || event.button > 2) return;
    const point = this.#placeOf(event);
    this.#element.setPointerCapture(event.pointerId);
    this.#drag = this.#chooseDrag(event, point);
    [this.#start, this.#last] = [point, point];
    this.#startWindow = this.#viewer.window.current;
    this.#hasMoved = false;
    if (this.#drag === 'crosshair') this.#look(point);
  };

  readonly pointermove = (event: PointerEvent): void => {
    const point = this.#placeOf(event);
    this.#viewer.hoverMm = this.#viewer.panes.pointAt(this.#plane, point);
    if (this.#drag === undefined) return;
    const moved = { x: point.x - this.#start.x, y: point.y - this.#start.y };
    this.#hasMoved ||= Math.hypot(moved.x, moved.y) > CLICK_PIXELS;
    if (this.#hasMoved) this.#follow(point, moved);
    this.#last = point;
  };

  readonly pointerup = (event: PointerEvent): void => {
    const isClick = this.#drag !== undefined && !this.#hasMoved && event.button === 0 && !event.shiftKey;
    this.#drag = undefined;
    if (isClick) this.#look(this.#placeOf(event));
  };

  readonly pointercancel = (): void => {
    this.#drag = undefined;
  };

  readonly pointerleave = (): void => {
    if (this.#drag === undefined) this.#viewer.hoverMm = undefined;
  };

  readonly wheel = (event: WheelEvent): void => {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? WHEEL_LINE_PIXELS : 1);
    if (event.ctrlKey || event.metaKey) {
      const at = { plane: this.#plane, point: this.#placeOf(event) };
      return this.#viewer.panes.zoomBy(ZOOM_PER_PIXEL ** -pixels, at);
    }
    // A notch is a slice; the small steps of a touchpad add up to one.
    this.#wheel += pixels;
    const slices =
      Math.abs(pixels) >= WHEEL_STEP_PIXELS ? Math.sign(pixels) : Math.trunc(this.#wheel / WHEEL_STEP_PIXELS);
    if (slices === 0) return;
    this.#wheel = 0;
    this.#viewer.scroll(this.#plane, -slices);
  };

  readonly dblclick = (): void => this.#viewer.panes.toggleAlone(this.#plane);

  readonly contextmenu = (event: Event): void => event.preventDefault();

  #chooseDrag(event: PointerEvent, point: PanePoint): Drag {
    if (event.button === 1 || (event.button === 0 && event.shiftKey)) return 'pan';
    if (event.button === 2) return 'zoom';
    return this.#isAtCrosshair(point) ? 'crosshair' : this.#viewer.tool;
  }

  #isAtCrosshair(point: PanePoint): boolean {
    const view = this.#viewer.panes.viewOf(this.#plane);
    if (view === undefined || !this.#viewer.showsCrosshair) return false;
    const { x, y } = frameToPane(view, this.#viewer.cursorMm);
    return Math.abs(point.x - x) <= GRIP_PIXELS && Math.abs(point.y - y) <= GRIP_PIXELS;
  }

  #follow(point: PanePoint, moved: PanePoint): void {
    const { x, y } = { x: point.x - this.#last.x, y: point.y - this.#last.y };
    switch (this.#drag) {
      case 'crosshair':
        return this.#look(point);
      case 'pan':
        return this.#viewer.panes.pan(this.#plane, x, y);
      case 'zoom':
        return this.#viewer.panes.zoomBy(ZOOM_PER_PIXEL ** -y, { plane: this.#plane, point: this.#start });
      case 'window': {
        const size = Math.min(this.#element.clientWidth, this.#element.clientHeight);
        return this.#viewer.window.set(
          dragWindow(this.#startWindow, moved, this.#viewer.window.valueRange, size),
        );
      }
      case undefined:
        return;
    }
  }

  #look(point: PanePoint): void {
    const place = this.#viewer.panes.pointAt(this.#plane, point);
    if (place !== undefined) this.#viewer.lookAt(place);
  }

  #placeOf(event: MouseEvent): PanePoint {
    const { left, top } = this.#element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}
