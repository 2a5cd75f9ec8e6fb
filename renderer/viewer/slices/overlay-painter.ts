import type { SlicePlacement } from '../geometry/pane-transform.ts';
import type { PlaneAxes } from '../geometry/plane.ts';
import { coloursOf, type LabelOverlay } from '../label-overlay.ts';
import type { VoxelArray } from '../../../common/imaging/voxel-array.ts';
import { cssOfRgb } from '../../../common/imaging/label-palette.ts';
import { sliceSize } from './extract-slice.ts';
import { paintLabels, traceOutlines, type LabelColours } from './paint-labels.ts';
import { SliceSource } from './slice-source.ts';

export interface OverlayStyle {
  readonly opacity: number;
  readonly outline: 'fill' | 'outline' | 'both';
}

/** Draws the overlays of one pane. */
export class OverlayPainters {
  readonly #painters = new Map<string, OverlayPainter>();

  /** @param context of the pane, in CSS pixels */
  draw(
    context: CanvasRenderingContext2D,
    overlays: readonly LabelOverlay[],
    axes: PlaneAxes,
    placement: SlicePlacement,
    style: OverlayStyle,
  ): void {
    for (const overlay of overlays) {
      if (!overlay.isVisible) continue;
      const painter = this.#painters.get(overlay.id) ?? new OverlayPainter();
      this.#painters.set(overlay.id, painter);
      painter.draw(context, overlay, axes, placement, style);
    }
  }
}

/** Draws the slices of one overlay in one pane; what stays the same from frame to frame is kept. */
class OverlayPainter {
  readonly #canvas = document.createElement('canvas');
  readonly #context = this.#canvas.getContext('2d')!;
  readonly #slices = new SliceSource(false);
  #slice: VoxelArray = new Uint8Array();
  #sliceKey = '';
  #pixels = new ImageData(1, 1);
  #colours: { readonly classes: LabelOverlay['classes']; readonly table: LabelColours } | undefined;
  #outlines: ReadonlyMap<number, readonly number[]> | undefined;
  #isPainted = false;

  draw(
    context: CanvasRenderingContext2D,
    overlay: LabelOverlay,
    axes: PlaneAxes,
    placement: SlicePlacement,
    style: OverlayStyle,
  ): void {
    const { frame } = overlay.volume;
    if (placement.slice < 0 || placement.slice >= frame.shape[axes.normal]) return;
    this.#prepare(overlay, axes, placement.slice);
    const outline = overlay.style ?? style.outline;
    if (outline !== 'outline') this.#fill(context, placement, style.opacity);
    if (outline !== 'fill') this.#stroke(context, overlay, placement);
  }

  #prepare({ volume, classes }: LabelOverlay, axes: PlaneAxes, slice: number): void {
    const { columns, rows } = sliceSize(volume.frame.shape, axes);
    const key = `${volume.id}:${axes.normal}:${axes.acrossSign}:${slice}`;
    if (key !== this.#sliceKey) {
      if (this.#pixels.width !== columns || this.#pixels.height !== rows) {
        this.#pixels = new ImageData(columns, rows);
        [this.#canvas.width, this.#canvas.height] = [columns, rows];
      }
      this.#slice = this.#slices.read(volume, axes, slice);
      this.#sliceKey = key;
      this.#outlines = undefined;
      this.#isPainted = false;
    }
    if (this.#colours?.classes === classes) return;
    this.#colours = { classes, table: coloursOf({ classes } as LabelOverlay) };
    this.#isPainted = false;
  }

  #fill(
    context: CanvasRenderingContext2D,
    { scaleX, scaleY, left, top }: SlicePlacement,
    opacity: number,
  ): void {
    if (!this.#isPainted) {
      paintLabels(this.#slice, this.#colours!.table, new Uint32Array(this.#pixels.data.buffer));
      this.#context.putImageData(this.#pixels, 0, 0);
      this.#isPainted = true;
    }
    context.save();
    context.globalAlpha = opacity;
    // Labels are never mixed: a voxel has one or the other.
    context.imageSmoothingEnabled = false;
    context.drawImage(this.#canvas, left, top, this.#canvas.width * scaleX, this.#canvas.height * scaleY);
    context.restore();
  }

  #stroke(
    context: CanvasRenderingContext2D,
    { classes }: LabelOverlay,
    { scaleX, scaleY, left, top }: SlicePlacement,
  ): void {
    this.#outlines ??= traceOutlines(this.#slice, this.#canvas.width, this.#canvas.height);
    context.save();
    context.lineWidth = 1.5;
    context.lineCap = 'square';
    for (const { label, rgb, isVisible } of classes) {
      const lines = this.#outlines.get(label);
      if (!isVisible || lines === undefined) continue;
      context.strokeStyle = cssOfRgb(rgb);
      context.beginPath();
      for (let at = 0; at < lines.length; at += 4) {
        context.moveTo(left + lines[at]! * scaleX, top + lines[at + 1]! * scaleY);
        context.lineTo(left + lines[at + 2]! * scaleX, top + lines[at + 3]! * scaleY);
      }
      context.stroke();
    }
    context.restore();
  }
}
