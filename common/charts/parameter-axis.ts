import type { SearchParameter } from '../search-space/search-space.ts';
import { makeScale, ticksOf } from './scale.ts';

/** One parameter, or the score, as an axis: where values stand and what stands beside it. */
export interface ParameterAxis {
  /** The PRL; `score` for the score. */
  readonly key: string;
  readonly title: string;
  /** 0 at the low end and 1 at the high end; undefined for a parameter that was not active. */
  unitOf(value: number | undefined): number | undefined;
  /** A value in the parameter's own terms. */
  textOf(value: number): string;
  readonly ticks: readonly { readonly unit: number; readonly text: string }[];
}

/** Short names of parameters: their args, and the domain too where two have the same. */
export function nameParameters(parameters: readonly SearchParameter[]): ReadonlyMap<string, string> {
  const plain = parameters.map(({ args }) => args.map(withoutAt).join(', '));
  return new Map(
    parameters.map(({ prl }, index) => {
      const name = plain[index]!;
      const isAlone = plain.filter((other) => other === name).length === 1;
      return [prl, isAlone ? name : `${name} (${placeOf(prl)})`];
    }),
  );
}

/** The axis of a parameter. Choices stand in the order of the config, each in the middle of its share. */
export function makeParameterAxis(parameter: SearchParameter, title: string): ParameterAxis {
  if ('choices' in parameter) {
    const { choices } = parameter;
    const unitOf = (choice: number | undefined): number | undefined =>
      choice === undefined ? undefined : (choice + 0.5) / choices.length;
    const textOf = (choice: number): string => describeChoice(choices[choice] ?? []);
    return {
      key: parameter.prl,
      title,
      unitOf,
      textOf,
      ticks: choices.map((_, choice) => ({ unit: unitOf(choice)!, text: textOf(choice) })),
    };
  }
  const scale = makeScale([parameter.min, parameter.max], parameter.log);
  const textOf = parameter.type === 'int' ? String : formatValue;
  return {
    key: parameter.prl,
    title,
    unitOf: (value) => (value === undefined ? undefined : scale.unitOf(value)),
    textOf,
    ticks: endsAndTicks(ticksOf(scale, 4), scale.unitOf, textOf),
  };
}

/** The axis of the scores. */
export function makeScoreAxis(domain: readonly [number, number], title: string): ParameterAxis {
  const scale = makeScale(domain);
  return {
    key: 'score',
    title,
    unitOf: (value) => (value === undefined ? undefined : scale.unitOf(value)),
    textOf: formatValue,
    ticks: endsAndTicks(ticksOf(scale, 5), scale.unitOf, formatValue),
  };
}

/** `instance`, `[16, 32]`, `true, false`: a choice in a few words. */
export function describeChoice(choice: readonly unknown[]): string {
  return choice.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(', ');
}

/** `0.00123`, `1.2e-5`, `0.87`: as many digits as tell values apart. */
export function formatValue(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e6)
    return value
      .toExponential(2)
      .replace(/\.?0+e/, 'e')
      .replace('e+', 'e');
  return String(Number(value.toPrecision(4)));
}

function endsAndTicks(
  values: readonly number[],
  unitOf: (value: number) => number,
  textOf: (value: number) => string,
): ParameterAxis['ticks'] {
  return values.map((value) => ({ unit: unitOf(value), text: textOf(value) }));
}

const withoutAt = (name: string): string => (name.startsWith('@') ? name.slice(1) : name);

/** `train.model` of `net.enum.train.model$0:channels`. */
function placeOf(prl: string): string {
  const place = /^[^.]*\.[^.]*\.(.*?)\$/.exec(prl)?.[1];
  return place === undefined || place === '' ? prl : place;
}
