const chartCount = 8;
const labelCount = 12;

/** The colour of the i-th curve or category, from 0, as CSS. They repeat after eight: give the ninth another dash. */
export const chartColour = (index: number): string => `var(--chart-${(index % chartCount) + 1})`;

/** The colour of the i-th label over an image, from 0 for the first label that is not background, as CSS. */
export const labelColour = (index: number): string => `var(--label-${(index % labelCount) + 1})`;

/** What a variable of tokens.css is now, for canvases: `readToken('--chart-1')` → `#4db6f2`. */
export function readToken(name: string, element: Element = document.documentElement): string {
  return getComputedStyle(element).getPropertyValue(name).trim();
}

/** Resolves `var(--…)` to what canvases understand; other colours pass through. */
export function resolveColour(colour: string): string {
  const name = /^var\((--[\w-]+)\)$/.exec(colour)?.[1];
  return name === undefined ? colour : readToken(name);
}

/** Calls back when the theme has changed, so that canvases draw anew; returns how to stop. */
export function onThemeChange(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
  return () => observer.disconnect();
}
