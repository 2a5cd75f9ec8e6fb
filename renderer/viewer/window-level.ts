import { DEFAULT_PRESETS, type WindowPreset as StoredPreset } from '../../common/api/settings.ts';
import type { VolumeFacts } from '../../common/imaging/volume-facts.ts';
import { userSettings } from '../user-settings.svelte.ts';

/** Which values are shown from black to white. */
export interface ValueWindow {
  readonly centre: number;
  readonly width: number;
}

export interface WindowPreset {
  readonly id: string;
  readonly title: string;
  readonly window: ValueWindow;
}

export const windowOfRange = (low: number, high: number): ValueWindow => ({
  centre: (low + high) / 2,
  width: Math.max(high - low, smallestWidth(low, high)),
});

export const rangeOfWindow = ({ centre, width }: ValueWindow): readonly [number, number] => [
  centre - width / 2,
  centre + width / 2,
];

/** A window has some width even where all values are the same. */
const smallestWidth = (low: number, high: number): number =>
  Math.max(Math.abs(low), Math.abs(high), 1) * 1e-6;

/** Without the half per cent of values at each end; the whole range where those leave nothing. */
export function autoWindow({ low, high, min, max }: VolumeFacts['statistics']): ValueWindow {
  return high > low ? windowOfRange(low, high) : windowOfRange(min, max);
}

/** Whether values look like Hounsfield units: a CT, or air around a patient. */
export const isHounsfield = ({ modality, statistics: { min, max } }: VolumeFacts): boolean =>
  modality === 'CT' || (modality === undefined && min <= -900 && min >= -3100 && max >= 200);

/** The presets of the settings as the viewer has them. */
export const takePresets = (presets: readonly StoredPreset[]): readonly WindowPreset[] =>
  presets.map(({ name, width, level }, index) => ({
    id: `user-${index}`,
    title: name,
    window: { centre: level, width },
  }));

/** The windows of the settings that make sense for an image: they are in Hounsfield units. */
const ownPresets = (facts: VolumeFacts): readonly WindowPreset[] =>
  isHounsfield(facts) ? takePresets(userSettings.current?.viewer.presets ?? DEFAULT_PRESETS) : [];

/** The window that an image comes with: the first of the settings' for a CT, else {@link autoWindow}. */
export const initialWindow = (facts: VolumeFacts): ValueWindow =>
  ownPresets(facts)[0]?.window ?? autoWindow(facts.statistics);

/** The windows to choose from, those of the keys 1 to 9 in this order. */
export function presetsOf(facts: VolumeFacts, more: readonly WindowPreset[] = []): readonly WindowPreset[] {
  const { min, max } = facts.statistics;
  return [
    { id: 'auto', title: 'Auto', window: autoWindow(facts.statistics) },
    { id: 'full', title: 'Full range', window: windowOfRange(min, max) },
    ...more,
    ...ownPresets(facts),
  ];
}

/** A drag over a quarter of the pane's size changes the width, or moves the centre, by the range of the values. */
const DRAG = 0.25;

/**
 * The window after a drag of so many pixels from where it was: to the right wider, downwards higher values in the middle
 * (so the image gets darker), as in OHIF.
 */
export function dragWindow(
  start: ValueWindow,
  { x, y }: { readonly x: number; readonly y: number },
  valueRange: number,
  paneSize: number,
): ValueWindow {
  const perPixel = (valueRange * DRAG) / Math.max(paneSize, 1);
  const smallest = valueRange * 1e-4 || 1e-6;
  return {
    centre: start.centre + y * perPixel,
    width: Math.max(smallest, start.width + x * perPixel),
  };
}
