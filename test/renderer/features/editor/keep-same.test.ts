import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../common/json.ts';
import { outlineTrainConfig } from '../../../../common/mmar-edit/outline-config.ts';
import { keepSame, keepSameOutline } from '../../../../renderer/features/editor/keep-same.ts';

const text = readFileSync('mmar-templates/segmentation-unet-3d/config/config_train.json', 'utf8');
const parse = (): JsonObject => JSON.parse(text) as JsonObject;

describe('what did not change', () => {
  it('is the same object', () => {
    const keep = keepSame<Json>();
    const first = keep({ a: [1] });
    expect(keep({ a: [1] })).toBe(first);
    expect(keep({ a: [2] })).toEqual({ a: [2] });
    expect(keep({ a: [1] })).not.toBe(first);
  });

  it('is the same card and slot, whatever else changes', () => {
    const keep = keepSameOutline();
    const [before] = keep(outlineTrainConfig(parse()));
    const changed = parse() as { train: { model: { args: Record<string, number> } } };
    changed.train.model.args['num_res_units'] = 3;
    const [after] = keep(outlineTrainConfig(changed as unknown as Json));
    const slot = (section: typeof after, name: string) =>
      section!.slots.find(({ slot: own }) => own === name)!;
    expect(slot(after, 'pre_transforms')).toBe(slot(before, 'pre_transforms'));
    expect(slot(after, 'model')).not.toBe(slot(before, 'model'));
    expect(slot(after, 'model').cards[0]!.json).toMatchObject({ args: { num_res_units: 3 } });
  });

  it('is another card where a variable switches it', () => {
    const keep = keepSameOutline();
    const off = (variables: Record<string, boolean>): boolean =>
      keep(outlineTrainConfig(parse(), variables))[0]!.slots.find(({ slot }) => slot === 'handlers')!
        .cards[0]!.isDisabled;
    expect(off({ dont_load_ckpt_model: true })).toBe(true);
    expect(off({ dont_load_ckpt_model: false })).toBe(false);
  });
});
