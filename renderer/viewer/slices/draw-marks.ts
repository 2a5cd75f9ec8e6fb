import type { Vector3 } from '../../../common/imaging/affine.ts';
import { voxelToFrame, type VolumeFrame } from '../geometry/frame.ts';
import { frameToPane, type PaneView } from '../geometry/pane-transform.ts';
import type { Plane } from '../geometry/plane.ts';
import { chooseScaleBar } from '../geometry/scale-bar.ts';
import type { VoxelBox } from '../scene.ts';

/** Colours of what is drawn over images, as canvases take them. */
export interface MarkColours {
  /** Of the plane that a line of the crosshair belongs to. */
  readonly planes: Readonly<Record<Plane, string>>;
  readonly text: string;
  readonly box: string;
  readonly chosenBox: string;
}

const PLANE_OF_NORMAL: readonly Plane[] = ['sagittal', 'coronal', 'axial'];
const GAP = 9;

/** Two lines through the crosshair's place, open in the middle, each in the colour of the plane that it stands for. */
export function drawCrosshair(
  context: CanvasRenderingContext2D,
  view: PaneView,
  cursorMm: Vector3,
  colours: MarkColours,
): void {
  const { x, y } = frameToPane(view, cursorMm);
  const [px, py] = [Math.round(x) + 0.5, Math.round(y) + 0.5];
  const line = (colour: string, ...ends: readonly (readonly [number, number, number, number])[]): void => {
    context.strokeStyle = colour;
    context.beginPath();
    for (const [x0, y0, x1, y1] of ends) {
      context.moveTo(x0, y0);
      context.lineTo(x1, y1);
    }
    context.stroke();
  };
  context.save();
  context.lineWidth = 1;
  context.globalAlpha = 0.85;
  line(
    colours.planes[PLANE_OF_NORMAL[view.axes.across]!],
    [px, 0, px, py - GAP],
    [px, py + GAP, px, view.height],
  );
  line(
    colours.planes[PLANE_OF_NORMAL[view.axes.down]!],
    [0, py, px - GAP, py],
    [px + GAP, py, view.width, py],
  );
  context.restore();
}

/** The boxes that the slice cuts through, whole where it does and faint where it does not. */
export function drawBoxes(
  context: CanvasRenderingContext2D,
  view: PaneView,
  frame: VolumeFrame,
  boxes: readonly VoxelBox[],
  colours: MarkColours,
): void {
  const { normal } = view.axes;
  context.save();
  context.font = '600 11px "Inter Variable", sans-serif';
  for (const { start, size, title, isChosen } of boxes) {
    const edge = (side: 0 | 1): Vector3 =>
      voxelToFrame(frame, start.map((first, axis) => first - 0.5 + side * size[axis]!) as unknown as Vector3);
    const [low, high] = [edge(0), edge(1)];
    const isCut = view.centreMm[normal] >= low[normal] && view.centreMm[normal] <= high[normal];
    const [a, b] = [frameToPane(view, low), frameToPane(view, high)];
    const [x, y] = [Math.min(a.x, b.x), Math.min(a.y, b.y)];
    context.strokeStyle = isChosen ? colours.chosenBox : colours.box;
    context.globalAlpha = isCut ? 1 : 0.3;
    context.lineWidth = isChosen ? 2 : 1.25;
    context.setLineDash(isCut ? [] : [4, 4]);
    context.strokeRect(x, y, Math.abs(a.x - b.x), Math.abs(a.y - b.y));
    if (!isCut) continue;
    context.fillStyle = context.strokeStyle;
    context.shadowColor = 'black';
    context.shadowBlur = 4;
    context.fillText(title, x + 4, y + 13);
    context.shadowBlur = 0;
  }
  context.restore();
}

/** A length in millimetres at the lower edge. */
export function drawScaleBar(context: CanvasRenderingContext2D, view: PaneView, colours: MarkColours): void {
  const { pixels, label } = chooseScaleBar(view.mmPerPixel, Math.min(140, view.width * 0.3));
  const [right, bottom] = [view.width - 26, view.height - 14];
  context.save();
  context.strokeStyle = colours.text;
  context.fillStyle = colours.text;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(right - pixels, bottom - 4);
  context.lineTo(right - pixels, bottom);
  context.lineTo(right, bottom);
  context.lineTo(right, bottom - 4);
  context.stroke();
  context.font = '500 11px "Inter Variable", sans-serif';
  context.textAlign = 'center';
  context.shadowColor = 'black';
  context.shadowBlur = 3;
  context.fillText(label, right - pixels / 2, bottom - 7);
  context.restore();
}
