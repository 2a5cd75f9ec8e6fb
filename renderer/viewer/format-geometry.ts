/** Sizes for people: `512 × 512 × 32`. */
export const formatSizes = (sizes: readonly number[]): string => sizes.join(' × ');

/** Spacings in millimetres for people: `0.785 × 0.785 × 5 mm`. */
export const formatSpacing = (spacingMm: readonly number[]): string =>
  `${spacingMm.map((part) => Number(part.toPrecision(4))).join(' × ')} mm`;
