import * as cornerstone from 'cornerstone-core';
import type { CornerstoneImage } from 'cornerstone-core';
import type { SlicePlacement } from '../geometry/pane-transform.ts';
import type { PlaneAxes } from '../geometry/plane.ts';
import { sliceSize } from '../slices/extract-slice.ts';
import { SliceSource } from '../slices/slice-source.ts';
import type { ViewVolume } from '../volume/view-volume.ts';
import type { ValueWindow } from '../window-level.ts';

/** What is to be drawn. */
export interface SlicePicture {
  readonly volume: ViewVolume;
  readonly axes: PlaneAxes;
  readonly placement: SlicePlacement;
  /** In the volume's own units. */
  readonly window: ValueWindow;
  readonly inverted: boolean;
  readonly smooth: boolean;
}

const RENDERED = 'cornerstoneimagerendered';

/**
 * A grey slice of a volume on the screen: everything that this program knows of cornerstone-core is in here. It draws with
 * Canvas 2D, at the screen's own resolution, in the animation frame after {@link show}.
 *
 * Ways around what cornerstone-core 2.6.1 does otherwise: it would draw float pixels black (they are quantised), ask for a
 * desynchronized canvas that flickers on some systems (the canvas is made here first), and stay at one pixel per CSS pixel
 * (the element is larger by the ratio and scaled back).
 */
export class SliceView {
  readonly #host: HTMLElement;
  readonly #element: HTMLElement;
  readonly #onRendered: () => void;
  readonly #slices = new SliceSource(true);
  #shown = '';
  #lut: { readonly volume: string; readonly table: unknown } | undefined;
  #width = 0;
  #height = 0;
  #ratio = 1;

  /** @param onRendered called in the frame in which a slice was drawn, for what is drawn over it */
  constructor(host: HTMLElement, onRendered: () => void) {
    this.#host = host;
    this.#onRendered = onRendered;
    this.#element = document.createElement('div');
    const canvas = document.createElement('canvas');
    canvas.className = 'cornerstone-canvas';
    // The first call decides: cornerstone's own asks for a canvas that bypasses the compositor.
    canvas.getContext('2d');
    canvas.style.display = 'block';
    this.#element.style.transformOrigin = '0 0';
    this.#element.append(canvas);
    host.append(this.#element);
    cornerstone.enable(this.#element);
    this.#element.addEventListener(RENDERED, this.#onRendered);
  }

  /** Follows the size of its place, in CSS pixels. */
  resize(width: number, height: number, ratio: number): void {
    if (width === this.#width && height === this.#height && ratio === this.#ratio) return;
    [this.#width, this.#height, this.#ratio] = [width, height, ratio];
    Object.assign(this.#element.style, {
      width: `${Math.round(width * ratio)}px`,
      height: `${Math.round(height * ratio)}px`,
      transform: `scale(${1 / ratio})`,
    });
    cornerstone.resize(this.#element, false);
  }

  /** Shows a slice; nothing where the volume does not reach. */
  show(picture: SlicePicture): void {
    const { volume, axes, placement, window, inverted, smooth } = picture;
    const isThere = placement.slice >= 0 && placement.slice < volume.frame.shape[axes.normal];
    this.#host.style.visibility = isThere ? 'visible' : 'hidden';
    if (!isThere) return this.#onRendered();
    const image = this.#imageOf(picture);
    const { columns, rows } = sliceSize(volume.frame.shape, axes);
    const { scaleX, scaleY, left, top } = placement;
    cornerstone.displayImage(this.#element, image, {
      scale: Math.min(scaleX, scaleY) * this.#ratio,
      // In voxels, from the middle of the pane to the middle of the image.
      translation: {
        x: (left - this.#width / 2) / scaleX + columns / 2,
        y: (top - this.#height / 2) / scaleY + rows / 2,
      },
      voi: { windowCenter: window.centre, windowWidth: window.width },
      invert: inverted,
      pixelReplication: !smooth,
    });
  }

  dispose(): void {
    this.#element.removeEventListener(RENDERED, this.#onRendered);
    cornerstone.disable(this.#element);
    this.#element.remove();
  }

  /** The image object of a slice: the one on the screen where it is the same slice. */
  #imageOf({ volume, axes, placement }: SlicePicture): CornerstoneImage {
    const id = `${volume.id}:${axes.normal}:${axes.acrossSign}:${placement.slice}`;
    const old = this.#shown === '' ? undefined : cornerstone.getEnabledElement(this.#element).image;
    if (this.#shown === id && old !== undefined) return old;
    // The table of grey values holds for all slices of a volume: cornerstone makes it anew when the window is another.
    if (old !== undefined && old.cachedLut !== undefined) {
      this.#lut = { volume: this.#shown.split(':')[0]!, table: old.cachedLut };
    }
    this.#shown = id;
    const image = this.#makeImage(id, volume, axes, placement.slice);
    if (this.#lut?.volume === volume.id) image.cachedLut = this.#lut.table;
    return image;
  }

  #makeImage(id: string, volume: ViewVolume, axes: PlaneAxes, slice: number): CornerstoneImage {
    const { facts, frame } = volume;
    const { columns, rows } = sliceSize(frame.shape, axes);
    const pixels = this.#slices.read(volume, axes, slice) as Int16Array | Uint16Array | Uint8Array;
    const { quantisation } = this.#slices;
    const [lowest, highest] = quantisation === undefined ? volume.bounds : [0, 65535];
    return {
      imageId: id,
      minPixelValue: lowest,
      maxPixelValue: highest,
      slope: quantisation?.step ?? facts.slope,
      intercept: quantisation?.low ?? facts.intercept,
      windowCenter: 0,
      windowWidth: 1,
      getPixelData: () => pixels,
      rows,
      columns,
      height: rows,
      width: columns,
      color: false,
      columnPixelSpacing: frame.spacingMm[axes.across],
      rowPixelSpacing: frame.spacingMm[axes.down],
      invert: false,
      sizeInBytes: pixels.byteLength,
    };
  }
}
