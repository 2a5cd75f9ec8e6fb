import {
  ackley5Shift,
  branin,
  func2c,
  hartmann6,
  jenattonShift,
  levy6Shift,
  rosenbrock4,
  styblinskiTang5,
  trainingTree,
} from './closed-form.ts';
import type { Problem } from './problem.ts';
import { loadSurrogate, type Surrogate } from './surrogates.ts';
import { loadTable } from './tables.ts';

/** The problems that the controllers were developed on, and those that nobody looked at before. */
export type SuiteName = 'development' | 'held-out';

interface Suite {
  readonly closedForm: readonly Problem[];
  readonly tables: readonly string[];
  readonly surrogates: readonly Surrogate[];
}

const suites: Readonly<Record<SuiteName, Suite>> = {
  development: {
    closedForm: [branin, hartmann6, ackley5Shift, rosenbrock4, func2c, jenattonShift],
    tables: ['hpolib_protein', 'hpobench_vehicle', 'nb201_cifar100'],
    surrogates: [
      { scenario: 'rbv2_xgboost', instance: '1487', optimum: 0.03417 },
      { scenario: 'lcbench', instance: '167168', optimum: 10.591 },
    ],
  },
  'held-out': {
    closedForm: [styblinskiTang5, levy6Shift, trainingTree],
    tables: [],
    surrogates: [
      { scenario: 'rbv2_xgboost', instance: '40981', optimum: 0 },
      { scenario: 'rbv2_xgboost', instance: '1489', optimum: 0 },
      { scenario: 'lcbench', instance: '189906', optimum: 0 },
      { scenario: 'lcbench', instance: '126026', optimum: 0 },
    ],
  },
};

/**
 * @param folder tables and networks, which do not come with the project
 * @returns the problems, and the names of those whose data is not here
 */
export async function loadSuite(
  name: SuiteName,
  folder: string,
): Promise<{ readonly problems: readonly Problem[]; readonly missing: readonly string[] }> {
  const { closedForm, tables, surrogates } = suites[name];
  const loaded: (readonly [string, Problem | undefined])[] = [
    ...tables.map((table) => [table, loadTable(folder, table)] as const),
    ...(await Promise.all(
      surrogates.map(
        async (one) => [`${one.scenario}_${one.instance}`, await loadSurrogate(folder, one)] as const,
      ),
    )),
  ];
  return {
    problems: [...closedForm, ...loaded.flatMap(([, problem]) => problem ?? [])],
    missing: loaded.flatMap(([missing, problem]) => (problem === undefined ? [missing] : [])),
  };
}
