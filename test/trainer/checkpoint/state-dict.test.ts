import { describe, expect, it } from 'vitest';
import {
  loadOptimizerStateDict,
  writeOptimizerStateDict,
} from '../../../trainer/checkpoint/optimizer-state-dict.ts';
import { loadStateDict, writeStateDict } from '../../../trainer/checkpoint/state-dict.ts';
import { readTorchFile, writeTorchFile } from '../../../trainer/checkpoint/torch-file.ts';
import { float32Tensor, type TorchValue } from '../../../trainer/checkpoint/torch-value.ts';
import { createTensor } from '../../../trainer/data/tensor.ts';
import { ModelState } from '../../../trainer/model/model-state.ts';

const strict = { strict: true, strictShape: true };

/** Two weights, a batch norm's buffers, and what Adam remembers; every number is `value`. */
function makeState(value: number): ModelState {
  const full = (shape: readonly number[]) =>
    createTensor(shape, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(value));
  const entry = (name: string, role: 'parameter' | 'buffer' | 'optimizer', shape: readonly number[]) => ({
    name,
    role,
    tensor: full(shape),
  });
  return new ModelState(0, [
    entry('a.weight', 'parameter', [2, 3]),
    entry('a.bias', 'parameter', [2]),
    entry('n.running_mean', 'buffer', [2]),
    entry('n.num_batches_tracked', 'buffer', []),
    ...['a.weight', 'a.bias'].flatMap((name) =>
      ['exp_avg', 'exp_avg_sq'].map((slot) =>
        entry(`optimizer/${slot}/${name}`, 'optimizer', name === 'a.bias' ? [2] : [2, 3]),
      ),
    ),
  ]);
}

const throughFile = (value: TorchValue): TorchValue => readTorchFile(writeTorchFile(value));
const numbers = (state: ModelState, name: string): number[] => [...state.get(name).data];

describe('state dict of a model', () => {
  it('carries every weight and buffer into another model', () => {
    const target = makeState(0);
    const report = loadStateDict(target, throughFile(writeStateDict(makeState(3))), strict);
    expect(report).toEqual({ loaded: 4, kept: [] });
    expect(numbers(target, 'a.weight')).toEqual([3, 3, 3, 3, 3, 3]);
    expect(numbers(target, 'n.num_batches_tracked')).toEqual([3]);
    expect(numbers(target, 'optimizer/exp_avg/a.bias')).toEqual([0, 0]);
  });

  it('does without the counter, which not every network has', () => {
    const dict = new Map(writeStateDict(makeState(3)));
    dict.delete('n.num_batches_tracked');
    expect(loadStateDict(makeState(0), dict, strict)).toEqual({ loaded: 3, kept: [] });
  });

  it('refuses weights of another network and says which, leaving the model as it was', () => {
    const dict = new Map(writeStateDict(makeState(3)));
    dict.set('a.weigth', dict.get('a.weight')!);
    dict.delete('a.weight');
    const target = makeState(0);
    expect(() => loadStateDict(target, dict, strict)).toThrow(
      'The weights are of another network: it lacks a.weight; the network has no a.weigth. Did you mean a.weigth?',
    );
    expect(numbers(target, 'a.bias')).toEqual([0, 0]);
    expect(loadStateDict(target, dict, { strict: false, strictShape: true })).toEqual({
      loaded: 3,
      kept: ['a.weight'],
    });
  });

  it('refuses another shape, or leaves it out where it may', () => {
    const dict = new Map(writeStateDict(makeState(3)));
    dict.set('a.bias', float32Tensor([5], new Float32Array(5)));
    expect(() => loadStateDict(makeState(0), dict, strict)).toThrow(
      /"a.bias" has the shape \[5\]. Allowed: \[2\]/,
    );
    expect(loadStateDict(makeState(0), dict, { strict: true, strictShape: false })).toEqual({
      loaded: 3,
      kept: ['a.bias'],
    });
  });

  it('refuses what is no state dict, also when not strict', () => {
    expect(() => loadStateDict(makeState(0), 5, strict)).toThrow(/holds no state dict/);
    expect(() => loadStateDict(makeState(0), new Map(), { strict: false, strictShape: false })).toThrow(
      /of another network/,
    );
  });
});

describe('state dict of an optimizer', () => {
  it("has PyTorch's form, and carries memory and steps into another model", () => {
    const source = makeState(4);
    source.step = 17;
    const dict = throughFile(writeOptimizerStateDict(source, 0.01)) as Map<string, TorchValue>;
    expect(dict.get('param_groups')).toEqual([
      new Map<string, TorchValue>([
        ['lr', 0.01],
        ['params', [0, 1]],
      ]),
    ]);
    const memory = (dict.get('state') as Map<number, Map<string, TorchValue>>).get(1)!;
    expect([...memory.keys()]).toEqual(['step', 'exp_avg', 'exp_avg_sq']);
    const target = makeState(0);
    loadOptimizerStateDict(target, dict);
    expect(target.step).toBe(17);
    expect(numbers(target, 'optimizer/exp_avg_sq/a.weight')).toEqual([4, 4, 4, 4, 4, 4]);
    expect(numbers(target, 'a.weight')).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('is empty before the first step', () => {
    const target = makeState(1);
    loadOptimizerStateDict(target, throughFile(writeOptimizerStateDict(makeState(4), 0.01)));
    expect(numbers(target, 'optimizer/exp_avg/a.bias')).toEqual([1, 1]);
  });

  it('refuses the state of another optimizer', () => {
    const dict = new Map<string, TorchValue>([['state', new Map([[0, new Map([['step', 1]])]])]]);
    expect(() => loadOptimizerStateDict(makeState(0), dict)).toThrow(/of another optimizer or network/);
    expect(() => loadOptimizerStateDict(makeState(0), 3)).toThrow(/of another optimizer or network/);
  });
});
