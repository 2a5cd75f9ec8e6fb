import { describe, expect, it } from 'vitest';
import { lrSchedulerRegistry } from '../../../trainer/lr-schedulers/registry.ts';

const context = { learningRate: 0.1, epochs: 10 };
const rates = (name: string, args: object, epochs: readonly number[]): number[] =>
  epochs.map(lrSchedulerRegistry.create(name, args, context));

function expectRates(actual: readonly number[], expected: readonly number[]): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((rate, index) => expect(rate).toBeCloseTo(expected[index], 12));
}

describe('learning rate schedules', () => {
  it('StepLR multiplies every step_size epochs, 0.1 by default', () => {
    expectRates(
      rates('StepLR', { step_size: 2, gamma: 0.5 }, [0, 1, 2, 3, 4]),
      [0.1, 0.1, 0.05, 0.05, 0.025],
    );
    expectRates(rates('StepLR', { step_size: 1 }, [0, 1, 2]), [0.1, 0.01, 0.001]);
  });

  it('a step_size beyond the training never fires', () => {
    expectRates(rates('StepLR', { step_size: 5000 }, [0, 4999, 5000]), [0.1, 0.1, 0.01]);
  });

  it('PolynomialLR falls to 0 over total_iters and stays there', () => {
    expectRates(rates('PolynomialLR', { total_iters: 4, power: 2 }, [0, 1, 2, 3, 4, 5]), [
      0.1,
      0.1 * 0.5625,
      0.025,
      0.1 * 0.0625,
      0,
      0,
    ]);
    expectRates(rates('PolynomialLR', {}, [0, 1, 5]), [0.1, 0.08, 0]);
  });

  it('ReducePoly falls over all epochs of the training', () => {
    expectRates(rates('ReducePoly', { poly_power: 1 }, [0, 5, 10]), [0.1, 0.05, 0]);
    expectRates(rates('ReducePoly', {}, [1]), [0.1 * 0.9 ** 0.9]);
  });

  it('CosineAnnealingLR follows a cosine down to eta_min and up again', () => {
    expectRates(
      rates('CosineAnnealingLR', { T_max: 10, eta_min: 0.02 }, [0, 5, 10, 15]),
      [0.1, 0.06, 0.02, 0.06],
    );
  });

  it('ExponentialLR multiplies every epoch', () => {
    expectRates(rates('ExponentialLR', { gamma: 0.5 }, [0, 1, 3]), [0.1, 0.05, 0.0125]);
  });

  it('takes the reference to the optimizer that configs have', () => {
    expectRates(rates('StepLR', { optimizer: '@optimizer', step_size: 1 }, [0]), [0.1]);
  });

  it('says what is wrong', () => {
    expect(() => rates('StepLR', {}, [])).toThrow('StepLR.step_size: The argument "step_size" is missing');
    expect(() => rates('StepLR', { step_size: 0 }, [])).toThrow(
      'StepLR.step_size: 0 does not fit. Allowed: more than 0',
    );
    expect(() => rates('StepLr', { step_size: 1 }, [])).toThrow('Did you mean StepLR');
    expect(lrSchedulerRegistry.names).toContain('PolynomialLR');
  });
});
