import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { TrainingAborted } from '../../../trainer/engines/training-end.ts';
import { makePhantomMmar, type PhantomMmar, type PhantomOptions } from './phantom-mmar.ts';
import { messagesOf, readTrainStats, runProgram } from './run-program.ts';

describe('resuming', { timeout: 60_000 }, () => {
  const mmars: PhantomMmar[] = [];
  afterEach(() => mmars.splice(0).forEach((mmar) => mmar.remove()));
  const make = (options?: PhantomOptions): PhantomMmar => {
    const mmar = makePhantomMmar(options);
    mmars.push(mmar);
    return mmar;
  };
  const read = (mmar: PhantomMmar, path: string): Buffer => readFileSync(join(mmar.root, path));
  /** A training that is told to stop during an epoch. */
  const interrupt = (mmar: PhantomMmar, inEpoch: number) => {
    const controller = new AbortController();
    return runProgram(mmar.root, ['train'], {
      signal: controller.signal,
      onMessage: (message) => {
        if (message.type === 'iteration' && message.epoch === inEpoch)
          controller.abort(new TrainingAborted('enough'));
      },
    });
  };

  it('goes on to the same bits as a training that was not interrupted', async () => {
    const [whole, broken] = [make(), make()];
    await runProgram(whole.root, ['train']);
    const stopped = await interrupt(broken, 3);
    expect(stopped.exitCode).toBe(3);
    expect(messagesOf(stopped, 'finished')).toMatchObject([{ status: 'aborted', reason: 'enough' }]);
    expect(readTrainStats(broken.root)).toMatchObject({ status: 'aborted', reason: 'enough', epochs: 2 });

    const resumed = await runProgram(broken.root, ['train', '--resume']);
    expect(resumed.exitCode, resumed.lines.join('\n')).toBe(0);
    expect(messagesOf(resumed, 'started')[0].firstEpoch).toBeGreaterThan(1);
    for (const name of ['final_model.pt', 'model.pt', 'model.onnx']) {
      expect(read(broken, `models/${name}`).equals(read(whole, `models/${name}`)), name).toBe(true);
    }
    const [a, b] = [readTrainStats(broken.root), readTrainStats(whole.root)];
    expect({ ...a, train_seconds: 0 }).toEqual({ ...b, train_seconds: 0 });
    expect(existsSync(join(broken.root, 'models/resume.pt'))).toBe(false);
  });

  it('finds nothing to do after a training that was completed, and starts anew where there is nothing to resume', async () => {
    const mmar = make();
    const first = await runProgram(mmar.root, ['train', '--resume', '--set', 'epochs=1']);
    expect(first.lines).toContain('There is nothing to resume: the training starts anew');
    const again = await runProgram(mmar.root, ['train', '--resume', '--set', 'epochs=1']);
    expect(messagesOf(again, 'finished')).toEqual(messagesOf(first, 'finished'));
    expect(messagesOf(again, 'started')).toEqual([]);
  });

  it('refuses to go on with another config', async () => {
    const mmar = make();
    await interrupt(mmar, 2);
    const resumed = await runProgram(mmar.root, ['train', '--resume', '--set', 'learning_rate=0.02']);
    expect(resumed.exitCode).toBe(1);
    expect(messagesOf(resumed, 'finished')[0].faults).toMatchObject([
      { code: 'run-changed', file: 'models/resume.pt' },
    ]);
  });

  it('refuses a checkpoint that is damaged', async () => {
    const mmar = make();
    await interrupt(mmar, 2);
    mmar.write('models/resume.pt', read(mmar, 'models/resume.pt').subarray(0, 1000));
    const resumed = await runProgram(mmar.root, ['train', '--resume']);
    expect(messagesOf(resumed, 'finished')[0].faults).toMatchObject([
      { code: 'checkpoint', file: 'models/resume.pt' },
    ]);
  });
});
