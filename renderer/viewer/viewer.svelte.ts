import type { Vector3 } from '../../common/imaging/affine.ts';
import {
  changeFrame,
  frameToWorld,
  isInside,
  middleOf,
  nearestVoxel,
  voxelToFrame,
} from './geometry/frame.ts';
import { axesOf, type Plane } from './geometry/plane.ts';
import { compareLabels } from './compare-labels.ts';
import type { LabelOverlay } from './label-overlay.ts';
import { PaneLayout } from './pane-layout.svelte.ts';
import type { Scene } from './scene.ts';
import { valueAt, type ViewVolume } from './volume/view-volume.ts';
import { WindowChoice } from './window-choice.svelte.ts';
import { presetsOf } from './window-level.ts';

export type Tool = 'window' | 'crosshair' | 'pan' | 'zoom';

/**
 * Whether the place of the world, zoom, shift and window of the last image stay with the next one; with `chosen` the place stays
 * only if the user has gone there.
 */
export type Keep = boolean | 'chosen';

/** What a viewer shows and how: one image in three linked planes, labels over it, perhaps another image to compare. */
export class Viewer {
  #scene = $state.raw<Scene | undefined>(undefined);
  /** In the image's frame. */
  #cursorMm = $state.raw<Vector3>([0, 0, 0]);
  #hasOwnPlace = false;
  #overlays = $state.raw<readonly LabelOverlay[]>([]);
  #difference = $state.raw<LabelOverlay | undefined>(undefined);
  #showsDifference = $state(false);
  /** The panes: their sizes, zoom and shift. */
  readonly panes = new PaneLayout(
    () => this.frame,
    () => this.#cursorMm,
  );
  readonly window = new WindowChoice(() => this.image);
  tool = $state<Tool>('window');
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

  get scene(): Scene | undefined {
    return this.#scene;
  }

  get image(): ViewVolume | undefined {
    return this.#scene?.image;
  }

  /** What is drawn over the image: the scene's overlays, or the difference of two. */
  get overlays(): readonly LabelOverlay[] {
    return this.#difference === undefined ? this.#overlays : [this.#difference];
  }

  /** A truth and a segmentation are there, which can be compared. */
  get canCompare(): boolean {
    return this.#overlays.length === 2;
  }

  /** Whether two overlays, the first of which is the truth, are shown by where they differ. */
  get showsDifference(): boolean {
    return this.#showsDifference;
  }

  set showsDifference(shows: boolean) {
    this.#showsDifference = shows;
    const [truth, found] = this.#overlays;
    this.#difference = shows && this.canCompare ? compareLabels(truth!, found!) : undefined;
  }

  get cursorMm(): Vector3 {
    return this.#cursorMm;
  }

  /** Shows an image; `keep` says what stays as it was. */
  show(scene: Scene, { keep }: { readonly keep: Keep }): void {
    const old = this.#scene?.image;
    const { image } = scene;
    this.#scene = scene;
    this.#overlays = scene.overlays ?? [];
    // With the next case it stays as the user has it.
    this.showsDifference = this.#showsDifference;
    this.#place(scene, keep === true || (keep === 'chosen' && this.#hasOwnPlace) ? old : undefined);
    if (old !== undefined && keep !== false) return this.window.follow(old, image);
    this.panes.fit();
    this.isInverted = image.facts.inverted;
    this.window.reset();
  }

  clear(): void {
    this.#scene = undefined;
    this.#overlays = [];
    this.#difference = undefined;
  }

  /** Moves the crosshair; it stays within the image. */
  lookAt(pointMm: Vector3): void {
    this.#hasOwnPlace = true;
    this.#moveTo(pointMm);
  }

  /** Moves by so many slices in a plane. */
  scroll(plane: Plane, slices: number): void {
    const { frame, voxel } = this;
    if (frame === undefined || voxel === undefined || slices === 0) return;
    const { normal } = axesOf(plane, this.panes.convention);
    this.showSlice(plane, voxel[normal] + slices);
  }

  /** Goes to a slice of a plane, by its number from 0. */
  showSlice(plane: Plane, slice: number): void {
    const { frame, voxel } = this;
    if (frame === undefined || voxel === undefined) return;
    const { normal } = axesOf(plane, this.panes.convention);
    const next: [number, number, number] = [...this.#cursorMm];
    const wanted = Math.min(frame.shape[normal] - 1, Math.max(0, Math.round(slice)));
    next[normal] = voxelToFrame(frame, voxel.with(normal, wanted) as unknown as Vector3)[normal];
    this.#hasOwnPlace = true;
    this.#cursorMm = next;
  }

  /** Everything as it was when the image came. */
  reset(): void {
    this.panes.fit();
    this.window.reset();
    this.isInverted = this.#scene?.image.facts.inverted ?? false;
    const frame = this.#scene?.image.frame;
    if (frame !== undefined) this.#moveTo(middleOf(frame));
  }

  changeOverlay(id: string, change: Partial<LabelOverlay>): void {
    if (id === this.#difference?.id) this.#difference = { ...this.#difference, ...change };
    this.#overlays = this.#overlays.map((overlay) =>
      overlay.id === id ? { ...overlay, ...change } : overlay,
    );
  }

  /** The image's value at a point of its frame; undefined outside. */
  valueAt(pointMm: Vector3): number | undefined {
    const image = this.#scene?.image;
    if (image === undefined || !isInside(image.frame, pointMm)) return undefined;
    return valueAt(image, nearestVoxel(image.frame, pointMm));
  }

  /** The crosshair stays at its place of the world in the image before; else it goes where the labels are, or to the middle. */
  #place({ image, overlays }: Scene, from: ViewVolume | undefined): void {
    const kept = from === undefined ? undefined : changeFrame(from.frame, image.frame, this.#cursorMm);
    if (kept !== undefined && isInside(image.frame, kept)) this.#cursorMm = kept;
    else {
      this.#hasOwnPlace = false;
      this.#moveTo(
        overlays?.find(({ middleMm }) => middleMm !== undefined)?.middleMm ?? middleOf(image.frame),
      );
    }
  }

  #moveTo(pointMm: Vector3): void {
    const frame = this.#scene?.image.frame;
    if (frame === undefined) return;
    this.#cursorMm = pointMm.map((part, axis) => {
      const first = frame.originMm[axis]!;
      const last = first + (frame.shape[axis]! - 1) * frame.spacingMm[axis]!;
      return Math.min(last, Math.max(first, part));
    }) as unknown as Vector3;
  }
}
