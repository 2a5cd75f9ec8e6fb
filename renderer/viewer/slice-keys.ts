import type { Plane } from './geometry/plane.ts';
import type { Viewer } from './viewer.svelte.ts';

type Move = (viewer: Viewer, plane: Plane) => void;

const scroll =
  (slices: number): Move =>
  (viewer, plane) =>
    viewer.scroll(plane, slices);

/** Keys that move through the slices of the plane that is used. They are free only where no control has the focus. */
const moves: Readonly<Record<string, Move>> = {
  ArrowUp: scroll(1),
  ArrowDown: scroll(-1),
  ArrowRight: scroll(1),
  ArrowLeft: scroll(-1),
  PageUp: scroll(10),
  PageDown: scroll(-10),
  Home: (viewer, plane) => viewer.showSlice(plane, 0),
  End: (viewer, plane) => viewer.showSlice(plane, Number.MAX_SAFE_INTEGER),
  Enter: (viewer, plane) => viewer.panes.toggleAlone(plane),
};

/** Does what a key means; false for a key that means nothing here. */
export function moveByKey(
  viewer: Viewer,
  plane: Plane,
  { key, ctrlKey, metaKey, altKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
): boolean {
  const move = Object.hasOwn(moves, key) ? moves[key] : undefined;
  if (move === undefined || ctrlKey || metaKey || altKey || viewer.image === undefined) return false;
  move(viewer, plane);
  return true;
}
