import type { VolumeFacts } from '../../common/imaging/volume-facts.ts';

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

/** The usual windows of CT, in Hounsfield units (as in OHIF's defaults). */
const ctPresets: readonly WindowPreset[] = [
  { id: 'soft-tissue', title: 'Soft tissue', window: { centre: 40, width: 400 } },
  { id: 'lung', title: 'Lung', window: { centre: -600, width: 1500 } },
  { id: 'liver', title: 'Liver', window: { centre: 90, width: 150 } },
  { id: 'bone', title: 'Bone', window: { centre: 480, width: 2500 } },
  { id: 'brain', title: 'Brain', window: { centre: 40, width: 80 } },
];

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

/** The window that an image comes with: soft tissue for a CT, else {@link autoWindow}. */
export const initialWindow = (facts: VolumeFacts): ValueWindow =>
  isHounsfield(facts) ? ctPresets[0]!.window : autoWindow(facts.statistics);

/** The windows to choose from, those of the keys 1 to 7 in this order. */
export function presetsOf(
  facts: VolumeFacts,
  more: readonly WindowPreset[] = [],
  hounsfield: readonly WindowPreset[] = ctPresets,
): readonly WindowPreset[] {
  const { min, max } = facts.statistics;
  return [
    { id: 'auto', title: 'Auto', window: autoWindow(facts.statistics) },
    { id: 'full', title: 'Full range', window: windowOfRange(min, max) },
    ...more,
    ...(isHounsfield(facts) ? hounsfield : []),
  ];
}

/** The presets of the settings as the viewer has them. */
export const takePresets = (
  presets: readonly { readonly name: string; readonly width: number; readonly level: number }[],
): readonly WindowPreset[] =>
  presets.map(({ name, width, level }, index) => ({
    id: `user-${index}`,
    title: name,
    window: { centre: level, width },
  }));

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
