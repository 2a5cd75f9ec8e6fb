/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/**
 * Colours of labels 1, 2 ... that people with any colour vision can tell apart: the eight of Okabe and Ito (2008) without
 * black, brightest contrasts first, and Paul Tol's muted ones behind them.
 */
const COLOURS: readonly Rgb[] = [
  [230, 159, 0],
  [86, 180, 233],
  [0, 158, 115],
  [240, 228, 66],
  [204, 121, 167],
  [213, 94, 0],
  [0, 114, 178],
  [221, 204, 119],
  [136, 204, 238],
  [68, 170, 153],
  [170, 68, 153],
  [153, 153, 51],
];

/** The colour of a label; they begin again behind the twelfth. Label 0 is the background and has none. */
export const labelColour = (label: number): Rgb => COLOURS[(Math.max(1, label) - 1) % COLOURS.length]!;
