/** A length that is easy to read, and how long it is on the screen. */
export interface ScaleBar {
  readonly pixels: number;
  readonly label: string;
}

const STEPS = [1, 2, 5];

/** The longest length of 1, 2 or 5 times a power of ten millimetres that fits into so many pixels. */
export function chooseScaleBar(mmPerPixel: number, mostPixels: number): ScaleBar {
  const mostMm = mmPerPixel * mostPixels;
  const power = 10 ** Math.floor(Math.log10(mostMm));
  const mm = power * (STEPS.findLast((step) => step * power <= mostMm * (1 + 1e-9)) ?? 1);
  return { pixels: mm / mmPerPixel, label: formatMm(mm) };
}

function formatMm(mm: number): string {
  if (mm >= 10) return `${mm / 10} cm`;
  return mm >= 1 ? `${mm} mm` : `${Math.round(mm * 1000)} µm`;
}
