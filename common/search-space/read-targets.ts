import type { Fault } from '../fault.ts';
import type { Json } from '../json.ts';
import { jsonEqual } from './json-equal.ts';
import type { SearchItem } from './search-item.ts';
import type { Choice } from './search-space.ts';

/** The values that an item allows. */
export type Range =
  | { readonly type: 'float'; readonly min: number; readonly max: number; readonly log: boolean }
  | {
      readonly type: 'int';
      readonly min: number;
      readonly max: number;
      readonly step: number;
      readonly log: boolean;
    }
  | { readonly type: 'enum' | 'bool'; readonly choices: readonly Choice[] };

/** What is wrong with `targets`: the fault's message, what is allowed, and the path inside the item. */
export interface TargetProblem extends Pick<Fault, 'message' | 'allowed'> {
  readonly inside: readonly (string | number)[];
}

type Outcome = { readonly range: Range } | { readonly problems: readonly TargetProblem[] };

/**
 * Reads `targets` by the item's type.
 *
 * @param count number of args that the item sets
 */
export function readTargets(item: SearchItem, count: number): Outcome {
  switch (item.type) {
    case 'float':
      return readFloat(item);
    case 'int':
      return readInt(item);
    case 'enum':
      return readEnum(item, count);
    case 'bool':
      return readBool(item, count);
  }
}

function readFloat({ targets, log = false }: SearchItem): Outcome {
  const allowed = '[smallest, largest], e.g. [0.0001, 0.001]';
  if (!isNumbers(targets, 2)) return problem('The targets of a float are two numbers.', allowed);
  const [min, max] = targets as [number, number];
  return checkBounds(min, max, log, allowed) ?? { range: { type: 'float', min, max, log } };
}

function readInt({ targets, log = false }: SearchItem): Outcome {
  const allowed = '[smallest, largest] or [smallest, largest, step], whole numbers, e.g. [8, 64, 8]';
  if (!isNumbers(targets, 2, 3) || !targets.every(Number.isSafeInteger))
    return problem('The targets of an int are two or three whole numbers.', allowed);
  const [min, max, step = 1] = targets as [number, number, number?];
  const wrong = checkBounds(min, max, log, allowed);
  if (wrong !== undefined) return wrong;
  if (step < 1) return problem(`The step ${step} is less than 1.`, allowed);
  if (log && step !== 1)
    return problem('An int on a log scale has no step.', '[smallest, largest], or no "log"');
  if ((max - min) % step !== 0) {
    const reached = min + Math.floor((max - min) / step) * step;
    return problem(
      `Steps of ${step} from ${min} do not reach ${max}.`,
      `[${min}, ${reached}, ${step}] or [${min}, ${reached + step}, ${step}]`,
    );
  }
  return { range: { type: 'int', min, max, step, log } };
}

function checkBounds(min: number, max: number, log: boolean, allowed: string): Outcome | undefined {
  if (min >= max) return problem(`The smallest value, ${min}, is not below the largest, ${max}.`, allowed);
  if (log && min <= 0)
    return problem(`A log scale cannot begin at ${min}.`, 'a smallest value above 0, or no "log"');
  return undefined;
}

function readEnum({ targets, log }: SearchItem, count: number): Outcome {
  if (log !== undefined) return problem('Choices have no scale.', 'log for float and int only', ['log']);
  const shape = count === 1 ? '[[value], [value], ...]' : `[[${Array(count).fill('value').join(', ')}], ...]`;
  const allowed = `a list of choices, each a list with one value per arg: ${shape}`;
  if (targets === undefined || targets.length === 0) return problem('An enum has no choices.', allowed);
  const problems = targets.flatMap((choice, index) => checkChoice(choice, index, targets, count, allowed));
  if (problems.length > 0) return { problems };
  return { range: { type: 'enum', choices: targets as readonly Choice[] } };
}

function checkChoice(
  choice: Json,
  index: number,
  targets: readonly Json[],
  count: number,
  allowed: string,
): readonly TargetProblem[] {
  const inside = ['targets', index];
  if (!Array.isArray(choice))
    return [
      {
        message: `The choice ${show(choice)} is no list.`,
        allowed: withExample(allowed, targets, count),
        inside,
      },
    ];
  if (choice.length !== count) {
    const message = `The choice ${show(choice)} holds ${choice.length} values for ${count} ${count === 1 ? 'arg' : 'args'}.`;
    return [{ message, allowed: withExample(allowed, targets, count), inside }];
  }
  const first = targets.findIndex((other) => jsonEqual(other, choice));
  if (first < index)
    return [{ message: `The choice ${show(choice)} stands twice.`, allowed: 'different choices', inside }];
  return [];
}

// With one arg the mistake is nearly always a missing pair of brackets, so the mended targets can be shown.
function withExample(allowed: string, targets: readonly Json[], count: number): string {
  return count === 1 ? `${allowed}; here ${show(targets.map((target) => [target]))}` : allowed;
}

function readBool({ targets, log }: SearchItem, count: number): Outcome {
  if (log !== undefined) return problem('A bool has no scale.', 'log for float and int only', ['log']);
  if (targets !== undefined)
    return problem('A bool has no targets: false and true are tried.', 'no "targets"');
  const all = (value: boolean): Choice => Array.from({ length: count }, () => value);
  return { range: { type: 'bool', choices: [all(false), all(true)] } };
}

function problem(message: string, allowed: string, inside: TargetProblem['inside'] = ['targets']): Outcome {
  return { problems: [{ message, allowed, inside }] };
}

function isNumbers(
  targets: readonly Json[] | undefined,
  ...lengths: readonly number[]
): targets is readonly number[] {
  return (
    targets !== undefined &&
    lengths.includes(targets.length) &&
    targets.every((value) => typeof value === 'number')
  );
}

function show(value: Json): string {
  const text = JSON.stringify(value);
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
