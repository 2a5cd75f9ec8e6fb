import type { Vector3 } from '../../common/imaging/affine.ts';
import {
  changeFrame,
  frameToWorld,
  isInside,
  middleOf,
  nearestVoxel,
  voxelToFrame,
} from './geometry/frame.ts';
import { fitMmPerPixel, paneToFrame, type PanePoint, type PaneView } from './geometry/pane-transform.ts';
import { axesOf, planes, type Convention, type Plane } from './geometry/plane.ts';
import type { LabelOverlay } from './label-overlay.ts';
import { valueAt, type ViewVolume } from './volume/view-volume.ts';
import { initialWindow, presetsOf, type ValueWindow, type WindowPreset } from './window-level.ts';

export type Layout = 'grid' | 'large' | 'row' | Plane;
export type Tool = 'window' | 'crosshair' | 'pan' | 'zoom';

/** A box of voxels of the image, drawn over it. */
export interface VoxelBox {
  readonly start: Vector3;
  readonly size: Vector3;
  readonly title: string;
  readonly isChosen: boolean;
}

/** What is shown. */
export interface Scene {
  readonly image: ViewVolume;
  readonly overlays?: readonly LabelOverlay[];
  /** The image before, to be swiped over. */
  readonly compare?: ViewVolume | undefined;
  readonly boxes?: readonly VoxelBox[];
  /** Windows besides the usual ones, such as that of the config's ScaleIntensityRanged. */
  readonly presets?: readonly WindowPreset[];
}

interface PaneSize {
  readonly width: number;
  readonly height: number;
}

const ZOOM_STEP = 1.15;
const ZOOMS = { least: 0.2, most: 40 };

/** What a viewer shows and how: one image in three linked planes, labels over it, perhaps another image to compare. */
export class Viewer {
  #scene = $state.raw<Scene | undefined>(undefined);
  /** In the image's frame. */
  #cursorMm = $state.raw<Vector3>([0, 0, 0]);
  #window = $state.raw<ValueWindow>({ centre: 0, width: 1 });
  #hasOwnWindow = false;
  #zoom = $state(1);
  /** How far each plane's middle is from the volume's, across and down, in the frame. */
  #shiftsMm = $state.raw<Readonly<Record<Plane, Vector3>>>(noShifts);
  #sizes = $state.raw<Readonly<Partial<Record<Plane, PaneSize>>>>({});
  #overlays = $state.raw<readonly LabelOverlay[]>([]);
  layout = $state<Layout>('grid');
  tool = $state<Tool>('window');
  convention = $state<Convention>('radiological');
  showsCrosshair = $state(true);
  showsLetters = $state(true);
  showsLabels = $state(true);
  isSmooth = $state(true);
  isInverted = $state(false);
  opacity = $state(0.45);
  outline = $state<'fill' | 'outline' | 'both'>('both');
  /** How much of the pane's width shows the image to compare, from the left; 0 to 1. */
  swipe = $state(0.5);
  /** The point under the mouse, in the image's frame. */
  hoverMm = $state.raw<Vector3 | undefined>(undefined);

  readonly frame = $derived(this.#scene?.image.frame);
  readonly voxel = $derived(this.frame === undefined ? undefined : nearestVoxel(this.frame, this.#cursorMm));
  readonly worldMm = $derived(
    this.frame === undefined ? undefined : frameToWorld(this.frame, this.#cursorMm),
  );
  readonly presets = $derived(
    this.#scene === undefined ? [] : presetsOf(this.#scene.image.facts, this.#scene.presets),
  );
  readonly visiblePlanes = $derived(
    this.layout === 'grid' || this.layout === 'large' || this.layout === 'row' ? planes : [this.layout],
  );

  get scene(): Scene | undefined {
    return this.#scene;
  }

  get image(): ViewVolume | undefined {
    return this.#scene?.image;
  }

  get overlays(): readonly LabelOverlay[] {
    return this.#overlays;
  }

  get cursorMm(): Vector3 {
    return this.#cursorMm;
  }

  get window(): ValueWindow {
    return this.#window;
  }

  get zoom(): number {
    return this.#zoom;
  }

  /** Range of the image's values: a drag of the window is measured by it. */
  get valueRange(): number {
    const statistics = this.#scene?.image.facts.statistics;
    return statistics === undefined
      ? 1
      : statistics.high - statistics.low || statistics.max - statistics.min || 1;
  }

  /**
   * Shows an image. With `keep` the crosshair stays at its place of the world, and zoom and window where they are (the window
   * only if the values still have about the same range).
   */
  show(scene: Scene, { keep }: { readonly keep: boolean }): void {
    const old = this.#scene?.image;
    const { image } = scene;
    this.#scene = scene;
    this.#overlays = scene.overlays ?? [];
    const moved = old !== undefined && keep ? changeFrame(old.frame, image.frame, this.#cursorMm) : undefined;
    if (moved !== undefined && isInside(image.frame, moved)) this.#cursorMm = moved;
    else this.lookAt(scene.overlays?.[0]?.middleMm ?? middleOf(image.frame));
    if (old === undefined || !keep) {
      this.#zoom = 1;
      this.#shiftsMm = noShifts;
      this.isInverted = image.facts.inverted;
    }
    if (!keep || old === undefined || !haveSameRange(old, image) || !this.#hasOwnWindow) this.resetWindow();
  }

  clear(): void {
    this.#scene = undefined;
    this.#overlays = [];
  }

  /** Moves the crosshair; it stays within the image. */
  lookAt(pointMm: Vector3): void {
    const frame = this.#scene?.image.frame;
    if (frame === undefined) return;
    this.#cursorMm = pointMm.map((part, axis) => {
      const first = frame.originMm[axis]!;
      const last = first + (frame.shape[axis]! - 1) * frame.spacingMm[axis]!;
      return Math.min(last, Math.max(first, part));
    }) as unknown as Vector3;
  }

  /** Moves by so many slices in a plane. */
  scroll(plane: Plane, slices: number): void {
    const { frame, voxel } = this;
    if (frame === undefined || voxel === undefined || slices === 0) return;
    const { normal } = axesOf(plane, this.convention);
    this.showSlice(plane, voxel[normal] + slices);
  }

  /** Goes to a slice of a plane, by its number from 0. */
  showSlice(plane: Plane, slice: number): void {
    const { frame, voxel } = this;
    if (frame === undefined || voxel === undefined) return;
    const { normal } = axesOf(plane, this.convention);
    const next: [number, number, number] = [...this.#cursorMm];
    const wanted = Math.min(frame.shape[normal] - 1, Math.max(0, Math.round(slice)));
    next[normal] = voxelToFrame(frame, voxel.with(normal, wanted) as unknown as Vector3)[normal];
    this.#cursorMm = next;
  }

  setWindow(window: ValueWindow): void {
    this.#hasOwnWindow = true;
    this.#window = { centre: window.centre, width: Math.max(window.width, this.valueRange * 1e-6) };
  }

  resetWindow(): void {
    this.#hasOwnWindow = false;
    const facts = this.#scene?.image.facts;
    if (facts !== undefined) this.#window = initialWindow(facts);
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

  /** Whole slices, in the middle of their panes. */
  fit(): void {
    this.#zoom = 1;
    this.#shiftsMm = noShifts;
  }

  /** Everything as it was when the image came. */
  reset(): void {
    this.fit();
    this.resetWindow();
    this.isInverted = this.#scene?.image.facts.inverted ?? false;
    const frame = this.#scene?.image.frame;
    if (frame !== undefined) this.lookAt(middleOf(frame));
  }

  /** One pane alone, or all again. */
  toggleAlone(plane: Plane): void {
    this.layout = this.layout === plane ? 'grid' : plane;
  }

  changeOverlay(id: string, change: Partial<LabelOverlay>): void {
    this.#overlays = this.#overlays.map((overlay) =>
      overlay.id === id ? { ...overlay, ...change } : overlay,
    );
  }

  resizePane(plane: Plane, size: PaneSize): void {
    const known = this.#sizes[plane];
    if (known?.width === size.width && known.height === size.height) return;
    this.#sizes = { ...this.#sizes, [plane]: size };
  }

  /** What a pane shows, in the image's frame; undefined before there is an image and a pane. */
  viewOf(plane: Plane): PaneView | undefined {
    const { frame } = this;
    const size = this.#sizes[plane];
    if (frame === undefined || size === undefined) return undefined;
    const axes = axesOf(plane, this.convention);
    const shift = this.#shiftsMm[plane];
    const last = frame.shape.map((count) => (count - 1) / 2) as unknown as Vector3;
    const centreMm = voxelToFrame(frame, last).map((part, axis) =>
      axis === axes.normal ? this.#cursorMm[axis]! : part + shift[axis]!,
    ) as unknown as Vector3;
    return { axes, ...size, centreMm, mmPerPixel: this.#mmPerPixel(plane) };
  }

  /** The point of the image's frame at a place of a pane. */
  pointAt(plane: Plane, point: PanePoint): Vector3 | undefined {
    const view = this.viewOf(plane);
    return view === undefined ? undefined : paneToFrame(view, point);
  }

  /** The image's value at a point of its frame; undefined outside. */
  valueAt(pointMm: Vector3): number | undefined {
    const image = this.#scene?.image;
    if (image === undefined || !isInside(image.frame, pointMm)) return undefined;
    return valueAt(image, nearestVoxel(image.frame, pointMm));
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
    const { frame } = this;
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

/** Whether a window for one image makes sense for the other. */
function haveSameRange({ facts: a }: ViewVolume, { facts: b }: ViewVolume): boolean {
  const [first, second] = [a.statistics, b.statistics].map(({ low, high }) => ({
    low,
    size: high - low || 1,
  }));
  const ratio = second!.size / first!.size;
  return ratio > 0.5 && ratio < 2 && Math.abs(second!.low - first!.low) < first!.size;
}
