import type { Rectangle } from 'electron';
import { z } from 'zod';

/** Where the window was when it was last closed. */
const savedWindow = z.object({
  x: z.int(),
  y: z.int(),
  width: z.int().positive(),
  height: z.int().positive(),
  isMaximized: z.boolean(),
});
export type SavedWindow = z.output<typeof savedWindow>;

/** The name under which it is kept in the settings. */
export const WINDOW_SETTING = 'window';

export const SMALLEST_WINDOW = { width: 1024, height: 680 };
const USUAL_WINDOW = { width: 1600, height: 1000 };
/** Of the window's upper edge, so that it can be dragged. */
const VISIBLE_PX = 80;

export interface WindowPlace {
  /** Without x and y it is centred. */
  readonly bounds: Pick<Rectangle, 'width' | 'height'> & Partial<Pick<Rectangle, 'x' | 'y'>>;
  readonly isMaximized: boolean;
}

/**
 * Where the window opens: where it was, unless the display it was on is gone or smaller now.
 *
 * @param saved what the settings hold, whatever it is
 * @param areas the displays' areas without task bars; the first is the main one
 */
export function placeWindow(saved: unknown, areas: readonly Rectangle[]): WindowPlace {
  const parsed = savedWindow.safeParse(saved);
  const area = parsed.success ? areas.find((candidate) => showsTop(parsed.data, candidate)) : undefined;
  if (!parsed.success || area === undefined)
    return { bounds: fit(USUAL_WINDOW, areas[0]), isMaximized: false };
  const { x, y, isMaximized } = parsed.data;
  return { bounds: { x, y, ...fit(parsed.data, area) }, isMaximized };
}

function fit(
  { width, height }: Pick<Rectangle, 'width' | 'height'>,
  area: Rectangle | undefined,
): Pick<Rectangle, 'width' | 'height'> {
  return {
    width: Math.max(SMALLEST_WINDOW.width, Math.min(width, area?.width ?? width)),
    height: Math.max(SMALLEST_WINDOW.height, Math.min(height, area?.height ?? height)),
  };
}

function showsTop({ x, y, width }: Rectangle, area: Rectangle): boolean {
  const visible = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
  return visible >= VISIBLE_PX && y >= area.y && y <= area.y + area.height - VISIBLE_PX;
}
