import type { SearchValues } from '../../../common/search-space/search-space.ts';
import { choice, float, type Problem } from './problem.ts';

const vector = (values: SearchValues, count: number): number[] =>
  Array.from({ length: count }, (_, index) => values[`x${index}`]);
const floats = (count: number, min: number, max: number) =>
  Array.from({ length: count }, (_, index) => float(`x${index}`, min, max));

/** Branin and Hoo 1972. */
export const branin: Problem = {
  name: 'branin',
  space: { parameters: [float('x0', -5, 10), float('x1', 0, 15)] },
  optimum: 0.39788735772973816,
  evaluate({ x0, x1 }) {
    const valley = x1 - (5.1 / (4 * Math.PI ** 2)) * x0 ** 2 + (5 / Math.PI) * x0 - 6;
    return valley ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x0) + 10;
  },
};

const HARTMANN_ALPHA = [1, 1.2, 3, 3.2];
const HARTMANN_A = [
  [10, 3, 17, 3.5, 1.7, 8],
  [0.05, 10, 17, 0.1, 8, 14],
  [3, 3.5, 1.7, 10, 17, 8],
  [17, 8, 0.05, 10, 0.1, 14],
];
const HARTMANN_P = [
  [0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886],
  [0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991],
  [0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.665],
  [0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381],
];

/** Hartmann 1973, six dimensions. */
export const hartmann6: Problem = {
  name: 'hartmann6',
  space: { parameters: floats(6, 0, 1) },
  optimum: -3.322368011391339,
  evaluate(values) {
    const x = vector(values, 6);
    return -HARTMANN_ALPHA.reduce((sum, alpha, row) => {
      const exponent = x.reduce(
        (total, at, column) => total + HARTMANN_A[row][column] * (at - HARTMANN_P[row][column]) ** 2,
        0,
      );
      return sum + alpha * Math.exp(-exponent);
    }, 0);
  },
};

/** Ackley 1987 in five dimensions, on a range whose middle is not the optimum. */
export const ackley5Shift: Problem = {
  name: 'ackley5_shift',
  space: { parameters: floats(5, -20, 40) },
  optimum: 0,
  evaluate(values) {
    const x = vector(values, 5);
    const squares = x.reduce((sum, at) => sum + at ** 2, 0) / 5;
    const waves = x.reduce((sum, at) => sum + Math.cos(2 * Math.PI * at), 0) / 5;
    return -20 * Math.exp(-0.2 * Math.sqrt(squares)) - Math.exp(waves) + 20 + Math.E;
  },
};

/** Rosenbrock 1960 in four dimensions. */
export const rosenbrock4: Problem = {
  name: 'rosenbrock4',
  space: { parameters: floats(4, -5, 10) },
  optimum: 0,
  evaluate(values) {
    const x = vector(values, 4);
    return x
      .slice(1)
      .reduce((sum, next, index) => sum + 100 * (next - x[index] ** 2) ** 2 + (1 - x[index]) ** 2, 0);
  },
};

/** Two choices of what is added up, and two floats (Ru et al. 2020, CoCaBO, func2C). */
export const func2c: Problem = {
  name: 'func2c',
  space: { parameters: [choice('first', 3), choice('second', 5), float('x0', -1, 1), float('x1', -1, 1)] },
  optimum: -0.20632569075,
  evaluate({ first, second, x0, x1 }) {
    const terms = [rosenbrockTerm, camelTerm, bealeTerm];
    const term = (index: number): number => terms[Math.min(index, 2)](2 * x0, 2 * x1);
    return term(first) + term(second);
  },
};

const rosenbrockTerm = (x: number, y: number): number => (100 * (y - x ** 2) ** 2 + (x - 1) ** 2) / 300;
const camelTerm = (x: number, y: number): number =>
  ((4 - 2.1 * x ** 2 + x ** 4 / 3) * x ** 2 + x * y + (-4 + 4 * y ** 2) * y ** 2) / 10;
const bealeTerm = (x: number, y: number): number =>
  ((1.5 - x + x * y) ** 2 + (2.25 - x + x * y ** 2) ** 2 + (2.625 - x + x * y ** 3) ** 2) / 50;

/**
 * The tree of Jenatton et al. 2017: a binary choice, then one of two more, then one of four floats, and a float per
 * half. The optimum is moved from the middle of the ranges and from the first choices: in the original the first point
 * of a search that begins in the middle would be next to it.
 */
export const jenattonShift: Problem = {
  name: 'jenatton_shift',
  space: {
    parameters: [
      choice('half', 2),
      choice('left', 2, { conditions: [{ parent: 'half', values: [0] }] }),
      choice('right', 2, { conditions: [{ parent: 'half', values: [1] }] }),
      float('x0', -1, 1, { conditions: [{ parent: 'left', values: [0] }] }),
      float('x1', -1, 1, { conditions: [{ parent: 'left', values: [1] }] }),
      float('x2', -1, 1, { conditions: [{ parent: 'right', values: [0] }] }),
      float('x3', -1, 1, { conditions: [{ parent: 'right', values: [1] }] }),
      float('r0', 0, 1, { conditions: [{ parent: 'half', values: [0] }] }),
      float('r1', 0, 1, { conditions: [{ parent: 'half', values: [1] }] }),
    ],
  },
  optimum: 0.1,
  evaluate({ half, left, right, x0, x1, x2, x3, r0, r1 }) {
    const bowl = (at: number): number => (at + 0.4) ** 2;
    if (half === 0) return (left === 0 ? bowl(x0) + 0.4 : bowl(x1) + 0.3) + r0;
    return (right === 0 ? bowl(x2) + 0.2 : bowl(x3) + 0.1) + r1;
  },
};

/** Styblinski and Tang 1990 in five dimensions; 2^5 local optima. Held out. */
export const styblinskiTang5: Problem = {
  name: 'styblinski5',
  space: { parameters: floats(5, -5, 5) },
  optimum: -39.16616570377142 * 5,
  evaluate: (values) => vector(values, 5).reduce((sum, x) => sum + (x ** 4 - 16 * x ** 2 + 5 * x) / 2, 0),
};

/** Levy in six dimensions, on a range whose middle is not the optimum. Held out. */
export const levy6Shift: Problem = {
  name: 'levy6_shift',
  space: { parameters: floats(6, -12, 8) },
  optimum: 0,
  evaluate(values) {
    const w = vector(values, 6).map((x) => 1 + (x - 1) / 4);
    const inner = w
      .slice(0, -1)
      .reduce((sum, at) => sum + (at - 1) ** 2 * (1 + 10 * Math.sin(Math.PI * at + 1) ** 2), 0);
    return Math.sin(Math.PI * w[0]) ** 2 + inner + (w[5] - 1) ** 2 * (1 + Math.sin(2 * Math.PI * w[5]) ** 2);
  },
};

/**
 * What a training's space looks like: a learning rate on a log scale whose best value depends on the optimizer, each
 * optimizer with parameters of its own, a width, and probabilities that hardly matter. Held out.
 */
export const trainingTree: Problem = {
  name: 'training_tree',
  space: {
    parameters: [
      choice('optimizer', 3),
      choice('loss', 3),
      float('rate', 1e-5, 1, { log: true }),
      float('decay', 1e-6, 1e-1, { log: true, conditions: [{ parent: 'optimizer', values: [0, 1] }] }),
      float('momentum', 0, 0.99, { conditions: [{ parent: 'optimizer', values: [2] }] }),
      float('focus', 0, 5, { conditions: [{ parent: 'loss', values: [1] }] }),
      float('weight', 0, 1, { conditions: [{ parent: 'loss', values: [2] }] }),
      float('flip', 0, 1),
      float('noise', 0, 1),
    ],
  },
  optimum: 0.1,
  evaluate({ optimizer, loss, rate, decay, momentum, focus, weight, flip, noise }) {
    const best = [-3.4, -2.8, -1.2 - 1.5 * (momentum ?? 0)][optimizer];
    const rateCost = Math.min(1.5, (Math.log10(rate) - best) ** 2 / 3);
    const ownCost = optimizer === 2 ? 0.15 * (0.9 - momentum) ** 2 : 0.02 * (Math.log10(decay) + 4.5) ** 2;
    const optimizerCost = [0.05, 0, 0.02][optimizer];
    const lossCost = [0.06, 0.03 + 0.01 * (focus - 1.5) ** 2, 0.2 * (weight - 0.7) ** 2][loss];
    return 0.1 + rateCost + ownCost + optimizerCost + lossCost + 0.05 * (flip - 0.3) ** 2 + 0.02 * noise;
  },
};
