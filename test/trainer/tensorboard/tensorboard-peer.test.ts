import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EventWriter } from '../../../trainer/tensorboard/event-writer.ts';
import { findPython } from '../find-python.ts';

const found = findPython('tensorboard', '2.21.0');
if ('why' in found) console.warn(`SKIPPED: event files are not tried with TensorBoard: ${found.why}`);

const folder = mkdtempSync(join(tmpdir(), 'events-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf('why' in found)('TensorBoard 2.21', () => {
  it('shows scalars and texts, and only the last writing of a step that was repeated', () => {
    let now = 1_700_000_000_000;
    const options = { folder, describedAs: 'models', now: () => (now += 1000) };
    const killed = new EventWriter(options);
    killed.text('config', '{"epochs": 3}', 0);
    for (const step of [1, 2, 3]) killed.scalar('val_mean_dice', step / 8, step);
    killed.close();
    const resumed = new EventWriter(options);
    resumed.restart(3);
    resumed.scalar('val_mean_dice', 0.5, 3);
    resumed.close();
    const code = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1]); events.Reload()
text = events.Tensors('config/text_summary')[0].tensor_proto.string_val[0].decode()
print(json.dumps([[[e.step, e.value, e.wall_time] for e in events.Scalars('val_mean_dice')], text]))`;
    const printed = execFileSync('python' in found ? found.python : '', ['-c', code, folder], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [scalars, text] = JSON.parse(printed) as [number[][], string];
    expect(scalars.map(([step, value]) => [step, value])).toEqual([
      [1, 0.125],
      [2, 0.25],
      [3, 0.5],
    ]);
    expect(scalars[0][2]).toBe(1_700_000_004);
    expect(text).toBe('{"epochs": 3}');
  }, 60_000);
});
