import { describe, expect, it } from 'vitest';
import { createTensor } from '../../../trainer/data/tensor.ts';
import { ModelState } from '../../../trainer/model/model-state.ts';

describe('the state of a model', () => {
  it('that is held can be put back, however many steps were made since', () => {
    const state = new ModelState(1, [
      { name: 'weight', role: 'parameter', tensor: createTensor([2], Float32Array.of(1, 2)) },
      { name: 'mean', role: 'buffer', tensor: createTensor([1], Float32Array.of(3)) },
      { name: 'optimizer/m/weight', role: 'optimizer', tensor: createTensor([2], Float32Array.of(4, 5)) },
    ]);
    state.step = 7;
    const putBack = state.hold();
    for (let step = 0; step < 3; step++) {
      for (const name of state.names('parameter', 'buffer', 'optimizer')) state.spare(name).data.fill(step);
      state.advance(state.names('parameter', 'buffer', 'optimizer'));
    }
    expect(state.step).toBe(10);
    putBack();
    expect(state.step).toBe(7);
    expect([...state.snapshot('parameter', 'buffer', 'optimizer')].map(([, { data }]) => [...data])).toEqual([
      [1, 2],
      [3],
      [4, 5],
    ]);
  });
});
