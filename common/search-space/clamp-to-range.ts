import type { SearchParameter } from './search-space.ts';

/** The nearest value of the range: clipped, and for int on the grid. */
export function clampToRange(parameter: SearchParameter, value: number): number {
  if ('choices' in parameter) return clip(Math.round(value), 0, parameter.choices.length - 1);
  const { min, max } = parameter;
  if (parameter.type === 'float') return clip(value, min, max);
  return clip(min + Math.round((value - min) / parameter.step) * parameter.step, min, max);
}

function clip(value: number, min: number, max: number): number {
  return Math.min(Math.max(value, min), max);
}
