import { createVoxels, typeOfVoxels, type VoxelArray } from '../../../common/imaging/voxel-array.ts';
import type { PlaneAxes } from '../geometry/plane.ts';
import type { ViewVolume } from '../volume/view-volume.ts';
import { extractSlices, quantise, quantisationOf, sliceSize, type Quantisation } from './extract-slice.ts';

/** Sagittal slices that are read at a time: next to each other in memory, they come for little more than one. */
const SLAB = 8;

/** Slices of the volume of one pane, one after the other, in memory that is used again. */
export class SliceSource {
  /** Floats become whole numbers that can be drawn. */
  readonly #quantises: boolean;
  #volume: ViewVolume | undefined;
  #quantisation: Quantisation | undefined;
  #slices: VoxelArray = new Uint8Array();
  #levels = new Uint16Array();
  #held = '';

  constructor(quantises: boolean) {
    this.#quantises = quantises;
  }

  /** How the pixels of the last slice became whole numbers; undefined where they are the voxels themselves. */
  get quantisation(): Quantisation | undefined {
    return this.#quantisation;
  }

  /** The pixels of a slice, rows from the top. They are good until the next slice is read. */
  read(volume: ViewVolume, axes: PlaneAxes, slice: number): VoxelArray {
    if (volume !== this.#volume) this.#follow(volume);
    const { columns, rows } = sliceSize(volume.frame.shape, axes);
    const count = columns * rows;
    const most = axes.normal === 0 ? SLAB : 1;
    const first = slice - (slice % most);
    const held = `${axes.normal}:${axes.acrossSign}:${first}`;
    if (held !== this.#held) {
      const slices = Math.min(most, volume.frame.shape[axes.normal] - first);
      if (this.#slices.length !== count * most)
        this.#slices = createVoxels(typeOfVoxels(volume.voxels), count * most);
      extractSlices(volume.voxels, volume.frame.shape, axes, first, this.#slices, slices);
      this.#held = held;
    }
    return this.#pixelsOf(this.#slices.subarray((slice - first) * count, (slice - first + 1) * count));
  }

  #pixelsOf(values: VoxelArray): VoxelArray {
    if (this.#quantisation === undefined || !(values instanceof Float32Array)) return values;
    if (this.#levels.length !== values.length) this.#levels = new Uint16Array(values.length);
    quantise(values, this.#quantisation, this.#levels);
    return this.#levels;
  }

  #follow(volume: ViewVolume): void {
    const { min, max } = volume.facts.statistics;
    const isDrawn = this.#quantises && volume.voxels instanceof Float32Array;
    this.#quantisation = isDrawn ? quantisationOf(min, max) : undefined;
    this.#volume = volume;
    this.#slices = createVoxels(typeOfVoxels(volume.voxels), 0);
    this.#held = '';
  }
}
