import { existsSync, readFileSync } from 'node:fs';
import type { SearchParameter, SearchValues } from '../../../common/search-space/search-space.ts';
import { createSession } from '../../../trainer/session.ts';
import { choice, float, int, type Problem } from './problem.ts';

interface Hyperparameter {
  readonly name: string;
  readonly type: 'categorical' | 'uniform_int' | 'uniform_float';
  readonly choices: readonly string[];
  readonly lower: number;
  readonly upper: number;
  readonly log: boolean;
}

interface Condition {
  readonly child: string;
  readonly parent: string;
  readonly value?: string;
  readonly values?: readonly string[];
}

interface Space {
  readonly hyperparameters: readonly Hyperparameter[];
  readonly conditions: readonly Condition[];
}

/** A network of YAHPO Gym (Pfisterer et al. 2022) that predicts the result of a training. */
export interface Surrogate {
  readonly scenario: 'lcbench' | 'rbv2_xgboost';
  readonly instance: string;
  readonly optimum: number;
}

/** What each network takes and gives, in its order; `fixed` is what is not searched. */
const SCENARIOS = {
  lcbench: {
    categories: ['OpenML_task_id'],
    numbers: [
      'epoch',
      'batch_size',
      'learning_rate',
      'momentum',
      'weight_decay',
      'num_layers',
      'max_units',
      'max_dropout',
    ],
    instance: 'OpenML_task_id',
    fixed: { epoch: 52 },
    loss: (outputs: ArrayLike<number>): number => 100 - outputs[1],
  },
  rbv2_xgboost: {
    categories: ['task_id', 'booster', 'num.impute.selected.cpo'],
    numbers: [
      ...['nrounds', 'eta', 'gamma', 'lambda', 'alpha', 'subsample', 'max_depth', 'min_child_weight'],
      ...['colsample_bytree', 'colsample_bylevel', 'rate_drop', 'skip_drop', 'trainsize', 'repl'],
    ],
    instance: 'task_id',
    fixed: { trainsize: 1, repl: 10 },
    loss: (outputs: ArrayLike<number>): number => 1 - outputs[0],
  },
};

/** The problem of one data set; undefined where the network is not on this machine. */
export async function loadSurrogate(folder: string, surrogate: Surrogate): Promise<Problem | undefined> {
  const { scenario, instance, optimum } = surrogate;
  const file = `${folder}/${scenario}.onnx`;
  if (!existsSync(file)) return undefined;
  const { categories, numbers, instance: instanceName, fixed, loss } = SCENARIOS[scenario];
  const space = JSON.parse(readFileSync(`${folder}/${scenario}.space.json`, 'utf8')) as Space;
  const encoding = JSON.parse(readFileSync(`${folder}/${scenario}.enc.json`, 'utf8')) as Record<
    string,
    Record<string, number>
  >;
  const session = await createSession(readFileSync(file), { threads: 1 });
  const choicesOf = new Map(space.hyperparameters.map(({ name, choices }) => [name, choices]));
  const known: Record<string, number> = fixed;

  const codeOf = (name: string, values: SearchValues): number => {
    if (name === instanceName) return encoding[name][instance];
    const value = values[name];
    return encoding[name][value === undefined ? '#na#' : choicesOf.get(name)![value]];
  };
  return {
    name: `${scenario}_${instance}`,
    space: { parameters: parametersOf(space, [instanceName, ...Object.keys(fixed)]) },
    optimum,
    async evaluate(values) {
      const outputs = await session.run({
        x_cat: {
          dtype: 'int32',
          shape: [1, categories.length],
          data: Int32Array.from(categories, (name) => codeOf(name, values)),
        },
        x_cont: {
          dtype: 'float32',
          shape: [1, numbers.length],
          data: Float32Array.from(numbers, (name) => known[name] ?? values[name] ?? 0),
        },
      });
      return loss(outputs['output'].data as Float32Array);
    },
  };
}

/** The searched hyper-parameters, parents first. */
function parametersOf(
  { hyperparameters, conditions }: Space,
  left: readonly string[],
): readonly SearchParameter[] {
  const choicesOf = (name: string): readonly string[] =>
    hyperparameters.find((parameter) => parameter.name === name)!.choices;
  const parameters = hyperparameters
    .filter(({ name }) => !left.includes(name))
    .map((parameter) => {
      const { name, type, lower, upper, log, choices } = parameter;
      const extra = {
        conditions: conditions
          .filter(({ child }) => child === name)
          .map(({ parent, value, values = [value!] }) => ({
            parent,
            values: values.map((wanted) => choicesOf(parent).indexOf(wanted)),
          })),
      };
      if (type === 'categorical') return choice(name, choices.length, extra);
      return type === 'uniform_int'
        ? int(name, lower, upper, { ...extra, log })
        : float(name, lower, upper, { ...extra, log });
    });
  return [...parameters].sort((a, b) => a.conditions.length - b.conditions.length);
}
