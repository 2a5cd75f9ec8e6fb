import type { Vector3 } from '../../common/imaging/affine.ts';
import { voxelToFrame, type VolumeFrame } from './geometry/frame.ts';
import { fitMmPerPixel, paneToFrame, type PanePoint, type PaneView } from './geometry/pane-transform.ts';
import { axesOf, planes, type Convention, type Plane } from './geometry/plane.ts';

export type Layout = 'grid' | 'large' | 'row' | Plane;

export interface PaneSize {
  readonly width: number;
  readonly height: number;
}

const ZOOM_STEP = 1.15;
const ZOOMS = { least: 0.2, most: 40 };

/** Which panes there are, how large they are, and what part of the image each shows: zoom and shift. */
export class PaneLayout {
  readonly #frame: () => VolumeFrame | undefined;
  readonly #cursorMm: () => Vector3;
  #zoom = $state(1);
  /** How far each plane's middle is from the volume's, across and down, in the frame. */
  #shiftsMm = $state.raw<Readonly<Record<Plane, Vector3>>>(noShifts);
  #sizes = $state.raw<Readonly<Partial<Record<Plane, PaneSize>>>>({});
  layout = $state<Layout>('grid');
  convention = $state<Convention>('radiological');

  readonly visiblePlanes = $derived(
    this.layout === 'grid' || this.layout === 'large' || this.layout === 'row' ? planes : [this.layout],
  );

  /** @param cursorMm the crosshair, through which the planes go */
  constructor(frame: () => VolumeFrame | undefined, cursorMm: () => Vector3) {
    this.#frame = frame;
    this.#cursorMm = cursorMm;
  }

  get zoom(): number {
    return this.#zoom;
  }

  /** Whole slices, in the middle of their panes. */
  fit(): void {
    this.#zoom = 1;
    this.#shiftsMm = noShifts;
  }

  /** Zooms; with a place of a pane, what is there stays there. */
  zoomBy(factor: number, at?: { readonly plane: Plane; readonly point: PanePoint }): void {
    const before = at === undefined ? undefined : this.pointAt(at.plane, at.point);
    this.#zoom = Math.min(ZOOMS.most, Math.max(ZOOMS.least, this.#zoom * factor));
    if (at === undefined || before === undefined) return;
    const after = this.pointAt(at.plane, at.point);
    if (after !== undefined)
      this.#shift(
        at.plane,
        before.map((part, axis) => part - after[axis]!),
      );
  }

  zoomStep(steps: number): void {
    this.zoomBy(ZOOM_STEP ** steps);
  }

  /** Moves what a pane shows by pixels of the screen. */
  pan(plane: Plane, x: number, y: number): void {
    const { across, acrossSign, down } = axesOf(plane, this.convention);
    const by = [0, 0, 0];
    const mmPerPixel = this.#mmPerPixel(plane);
    by[across] = -acrossSign * x * mmPerPixel;
    by[down] = y * mmPerPixel;
    this.#shift(plane, by);
  }

  /** One pane alone, or all again. */
  toggleAlone(plane: Plane): void {
    this.layout = this.layout === plane ? 'grid' : plane;
  }

  resize(plane: Plane, size: PaneSize): void {
    const known = this.#sizes[plane];
    if (known?.width === size.width && known.height === size.height) return;
    this.#sizes = { ...this.#sizes, [plane]: size };
  }

  /** What a pane shows, in the image's frame; undefined before there is an image and a pane. */
  viewOf(plane: Plane): PaneView | undefined {
    const frame = this.#frame();
    const size = this.#sizes[plane];
    if (frame === undefined || size === undefined) return undefined;
    const axes = axesOf(plane, this.convention);
    const shift = this.#shiftsMm[plane];
    const cursor = this.#cursorMm();
    const last = frame.shape.map((count) => (count - 1) / 2) as unknown as Vector3;
    const centreMm = voxelToFrame(frame, last).map((part, axis) =>
      axis === axes.normal ? cursor[axis]! : part + shift[axis]!,
    ) as unknown as Vector3;
    return { axes, ...size, centreMm, mmPerPixel: this.#mmPerPixel(plane) };
  }

  /** The point of the image's frame at a place of a pane. */
  pointAt(plane: Plane, point: PanePoint): Vector3 | undefined {
    const view = this.viewOf(plane);
    return view === undefined ? undefined : paneToFrame(view, point);
  }

  #shift(plane: Plane, by: readonly number[]): void {
    const shift = this.#shiftsMm[plane].map((part, axis) => part + by[axis]!) as unknown as Vector3;
    this.#shiftsMm = { ...this.#shiftsMm, [plane]: shift };
  }

  /**
   * Millimetres per CSS pixel of a pane: the same in all of them, so that lengths can be compared, but where one is larger than
   * the others.
   */
  #mmPerPixel(plane: Plane): number {
    const frame = this.#frame();
    if (frame === undefined) return 1;
    const shared = this.layout === 'large' ? [plane] : this.visiblePlanes;
    const fits = shared.flatMap((shown) => {
      const size = this.#sizes[shown];
      return size === undefined ? [] : [fitMmPerPixel(frame, axesOf(shown, this.convention), size)];
    });
    return (fits.length === 0 ? 1 : Math.max(...fits)) / this.#zoom;
  }
}

const noShifts: Readonly<Record<Plane, Vector3>> = {
  axial: [0, 0, 0],
  coronal: [0, 0, 0],
  sagittal: [0, 0, 0],
};
