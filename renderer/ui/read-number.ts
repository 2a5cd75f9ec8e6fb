/** What a number must keep to. */
export interface NumberLimits {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  readonly integer?: boolean | undefined;
}

/** The number that a text says, or what is wrong with it. An empty text says no number and is not wrong. */
export interface ReadNumber {
  readonly value?: number | undefined;
  readonly problem?: string | undefined;
}

/** Reads `12`, `-0.5`, `1e-4` and, for those who type it so, `0,5`. */
export function readNumber(text: string, limits: NumberLimits): ReadNumber {
  const trimmed = text.trim();
  if (trimmed === '') return {};
  const plain = /^[^.,]*,[^.,]*$/.test(trimmed) ? trimmed.replace(',', '.') : trimmed;
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain)) return { problem: 'Not a number' };
  const value = Number(plain);
  if (!Number.isFinite(value)) return { problem: 'Too large' };
  if (limits.integer === true && !Number.isInteger(value)) return { problem: 'Must be a whole number' };
  if (limits.min !== undefined && value < limits.min) return { problem: `Must be at least ${limits.min}` };
  if (limits.max !== undefined && value > limits.max) return { problem: `Must be at most ${limits.max}` };
  return { value };
}

/** The value one step on, within the limits and without the noise of binary fractions (0.1 + 0.2). */
export function stepNumber(value: number | undefined, by: number, limits: NumberLimits): number {
  const stepped = Number(((value ?? limits.min ?? 0) + by).toPrecision(12));
  return Math.min(limits.max ?? Infinity, Math.max(limits.min ?? -Infinity, stepped));
}
