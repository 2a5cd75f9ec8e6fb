import type { Vector3 } from '../../common/imaging/affine.ts';
import { labelRgb, type Rgb } from '../../common/imaging/label-palette.ts';
import { changeFrame, frameToVoxel, voxelToFrame, type VolumeFrame } from './geometry/frame.ts';
import { packColour, type LabelColours } from './slices/paint-labels.ts';
import type { ViewVolume } from './volume/view-volume.ts';

/** One kind of voxels of an overlay. */
export interface LabelClass {
  readonly label: number;
  readonly name: string;
  readonly rgb: Rgb;
  readonly isVisible: boolean;
  /** How many there are, where that is known. */
  readonly voxels?: number;
}

/** Labels over an image: a truth, a prediction. */
export interface LabelOverlay {
  readonly id: string;
  readonly name: string;
  /** Whole numbers, on the grid of the image. */
  readonly volume: ViewVolume;
  readonly classes: readonly LabelClass[];
  readonly isVisible: boolean;
  /** How this one is drawn, where it differs from the viewer's choice: two overlays are told apart by it. */
  readonly style?: 'fill' | 'outline' | 'both';
  /** Where most of the labels are, in the frame of the volume: a good place to look first. */
  readonly middleMm: Vector3 | undefined;
}

export interface OverlaySource {
  readonly id: string;
  readonly name: string;
  readonly volume: ViewVolume;
  /** Names by label; a label without one is called by its number. */
  readonly names?: Readonly<Record<string, string>>;
  readonly style?: LabelOverlay['style'];
  /** Colours by label, where they should not be the usual ones. */
  readonly colours?: (label: number) => Rgb;
}

/** An overlay for an image: voxels on another grid are looked up on the image's. */
export function makeOverlay(source: OverlaySource, image: ViewVolume): LabelOverlay {
  const { id, name, names = {}, style, colours = labelRgb } = source;
  const volume = onGridOf(source.volume, image);
  const present = volume.facts.statistics.present.filter((label) => label > 0);
  return {
    id,
    name,
    volume,
    classes: present.map((label) => ({
      label,
      name: names[String(label)] ?? `Label ${label}`,
      rgb: colours(label),
      isVisible: true,
    })),
    isVisible: true,
    ...(style === undefined ? {} : { style }),
    middleMm: findMiddle(volume),
  };
}

/** The table of an overlay's colours by label; hidden ones have none. */
export function coloursOf({ classes }: LabelOverlay): LabelColours {
  const most = classes.reduce((highest, { label }) => Math.max(highest, label), 0);
  const table = new Uint32Array(most + 1);
  for (const { label, rgb, isVisible } of classes) if (isVisible) table[label] = packColour(rgb);
  return table;
}

/** The name of the label at a voxel; undefined for background. */
export function classAt(overlay: LabelOverlay, voxel: Vector3): LabelClass | undefined {
  const [nx, ny] = overlay.volume.facts.shape;
  const label = overlay.volume.voxels[voxel[0] + nx * (voxel[1] + ny * voxel[2])];
  return overlay.classes.find((found) => found.label === label);
}

/** The middle of the slice with most labelled voxels, at their centre of mass there. */
function findMiddle({ voxels, facts, frame }: ViewVolume): Vector3 | undefined {
  const [nx, ny, nz] = facts.shape;
  let best = { count: 0, x: 0, y: 0, z: 0 };
  for (let z = 0; z < nz; z++) {
    const slice = { count: 0, x: 0, y: 0, z };
    for (let y = 0, at = z * nx * ny; y < ny; y++) {
      for (let x = 0; x < nx; x++, at++) {
        if (!(voxels[at]! > 0)) continue;
        slice.count++;
        slice.x += x;
        slice.y += y;
      }
    }
    if (slice.count > best.count) best = slice;
  }
  if (best.count === 0) return undefined;
  return voxelToFrame(frame, [Math.round(best.x / best.count), Math.round(best.y / best.count), best.z]);
}

const sameGrid = (a: VolumeFrame, b: VolumeFrame): boolean =>
  a.shape.every((size, axis) => size === b.shape[axis]) &&
  [...a.originMm, ...a.toWorld].every(
    (part, at) => Math.abs(part - [...b.originMm, ...b.toWorld][at]!) < 1e-2,
  ) &&
  a.spacingMm.every((part, axis) => Math.abs(part - b.spacingMm[axis]!) < 1e-3);

/** The labels on another volume's grid, each voxel by the one nearest to it in the world; 0 outside. */
export function onGridOf(labels: ViewVolume, image: ViewVolume): ViewVolume {
  if (sameGrid(labels.frame, image.frame)) return labels;
  const [nx, ny, nz] = image.facts.shape;
  const [lx, ly, lz] = labels.facts.shape;
  const voxels = new Uint8Array(nx * ny * nz);
  let at = 0;
  // Along a row the way is straight, so its two ends are enough.
  const voxelOf = (x: number, y: number, z: number): Vector3 =>
    frameToVoxel(labels.frame, changeFrame(image.frame, labels.frame, voxelToFrame(image.frame, [x, y, z])));
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const first = voxelOf(0, y, z);
      const next = voxelOf(1, y, z);
      for (let x = 0; x < nx; x++, at++) {
        const i = Math.round(first[0] + x * (next[0] - first[0]));
        const j = Math.round(first[1] + x * (next[1] - first[1]));
        const k = Math.round(first[2] + x * (next[2] - first[2]));
        const isOutside = i < 0 || j < 0 || k < 0 || i >= lx || j >= ly || k >= lz;
        voxels[at] = isOutside ? 0 : labels.voxels[i + lx * (j + ly * k)]!;
      }
    }
  }
  const { shape, affine, spacingMm } = image.facts;
  const facts = { ...labels.facts, shape, affine, spacingMm, voxelType: 'uint8' as const };
  return { id: `${labels.id}@${image.id}`, facts, voxels, frame: image.frame, bounds: labels.bounds };
}
