/** Red, green and blue, 0 to 255. */
export type Rgb = readonly [number, number, number];

/** The colours of labels 1, 2 ... over grey images: `--label-1` to `--label-12` of the window, as numbers. */
const COLOURS: readonly Rgb[] = [
  [0xff, 0x5a, 0x4f],
  [0x3f, 0xd0, 0x7a],
  [0x4a, 0xa8, 0xff],
  [0xff, 0xd2, 0x3f],
  [0xd6, 0x7b, 0xff],
  [0x2f, 0xe0, 0xd8],
  [0xff, 0x9a, 0x3d],
  [0xb6, 0xe3, 0x4a],
  [0xff, 0x86, 0xb8],
  [0x9f, 0xb4, 0xff],
  [0xc7, 0x9a, 0x6b],
  [0xdf, 0xe6, 0xec],
];

/** The colour of a label; they begin again behind the twelfth. Label 0 is the background and has none. */
export const labelRgb = (label: number): Rgb => COLOURS[(Math.max(1, label) - 1) % COLOURS.length]!;

/** A colour as CSS. */
export const cssOfRgb = ([red, green, blue]: Rgb): string => `rgb(${red} ${green} ${blue})`;
