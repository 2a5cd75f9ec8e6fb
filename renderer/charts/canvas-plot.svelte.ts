import type { Attachment } from 'svelte/attachments';
import { onThemeChange } from '../ui/palette.ts';
import { readPlotColours, type PlotColours } from './plot-colours.ts';

/** Draws one frame; the context counts in CSS pixels and is empty. */
export type DrawPlot = (
  context: CanvasRenderingContext2D,
  size: { readonly width: number; readonly height: number },
  colours: PlotColours,
) => void;

/**
 * Keeps a canvas as sharp as the screen, and draws it anew when its size, the theme or what `draw` reads has changed: once
 * per frame at most. `<canvas {@attach plotOn(draw)}></canvas>`
 */
export function plotOn(draw: DrawPlot): Attachment<HTMLCanvasElement> {
  return (canvas) => {
    const context = canvas.getContext('2d');
    if (context === null) return undefined;
    let width = $state(canvas.clientWidth);
    let height = $state(canvas.clientHeight);
    let colours = $state.raw(readPlotColours());
    const observer = new ResizeObserver(() => {
      width = canvas.clientWidth;
      height = canvas.clientHeight;
    });
    observer.observe(canvas);
    const endThemes = onThemeChange(() => (colours = readPlotColours()));
    $effect(() => {
      const ratio = window.devicePixelRatio || 1;
      const [pixelsWide, pixelsHigh] = [Math.round(width * ratio), Math.round(height * ratio)];
      if (canvas.width !== pixelsWide) canvas.width = pixelsWide;
      if (canvas.height !== pixelsHigh) canvas.height = pixelsHigh;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, width, height);
      if (width > 0 && height > 0) draw(context, { width, height }, colours);
    });
    return () => {
      observer.disconnect();
      endThemes();
    };
  };
}
