import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FaultError } from '../../../common/fault.ts';
import type { TrainerMessage } from '../../../common/trainer-protocol.ts';
import { TrainingAborted, TrainingDiverged } from '../../../trainer/engines/training-end.ts';
import { MmarFiles } from '../../../trainer/files/mmar-files.ts';
import { describeFailure } from '../../../trainer/program/describe-failure.ts';
import { readLogFormat } from '../../../trainer/program/log-format.ts';
import { readThreads } from '../../../trainer/program/read-threads.ts';
import { createReporter, type Progress } from '../../../trainer/program/reporter.ts';
import { selectProvider } from '../../../trainer/program/select-provider.ts';
import { listenForStop } from '../../../trainer/program/stop-signal.ts';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'reporting-'))));
afterEach(() => rmSync(root, { recursive: true }));

const noon = new Date(2022, 3, 1, 12, 0, 0, 123);

describe('log lines', () => {
  const line = { time: noon, level: 'info', name: 'trainer', text: 'hello' } as const;

  it("have Clara's form", () => {
    expect(readLogFormat(new MmarFiles(root), undefined).format(line)).toBe(
      '2022-04-01 12:00:00,123 - trainer - INFO - hello',
    );
  });

  it('have the form and the level that a log.config asks for', () => {
    writeFileSync(
      join(root, 'log.config'),
      '[logger_root]\nlevel=WARNING\n[formatter_full]\nformat = %(levelname)-8s|%(message)s|%(other)s\n',
    );
    const { format, isShown } = readLogFormat(new MmarFiles(root), 'log.config');
    expect(format(line)).toBe('INFO|hello|%(other)s');
    expect([isShown('info'), isShown('warning'), isShown('error')]).toEqual([false, true, true]);
  });

  it('refuses a log.config that is not there', () => {
    expect(() => readLogFormat(new MmarFiles(root), 'none.config')).toThrow(
      'none.config: It does not exist.',
    );
  });
});

describe('reporter', () => {
  const make = (progress: Progress) => {
    const [written, posted]: [string[], TrainerMessage[]] = [[], []];
    const reporter = createReporter({
      progress,
      format: readLogFormat(new MmarFiles(root), undefined),
      post: (message) => void posted.push(message),
      write: (text) => void written.push(text),
      now: () => noon,
    });
    reporter.info('hello');
    reporter.send({ type: 'finished', status: 'completed', bestMetric: 1 });
    return { written, posted };
  };
  const log = { type: 'log', level: 'info', text: 'hello' };
  const finished = { type: 'finished', status: 'completed', bestMetric: 1 };

  it('writes lines as text, messages to the channel', () => {
    expect(make('text')).toEqual({
      written: ['2022-04-01 12:00:00,123 - trainer - INFO - hello\n'],
      posted: [log, finished],
    });
  });

  it('writes messages as JSON lines, log lines among them', () => {
    const { written, posted } = make('json');
    expect(written.map((line) => JSON.parse(line) as unknown)).toEqual([log, finished]);
    expect(posted).toEqual([log, finished]);
  });

  it('writes lines as text and all else as messages, when asked for both', () => {
    const { written, posted } = make('both');
    expect(written).toEqual([
      '2022-04-01 12:00:00,123 - trainer - INFO - hello\n',
      `${JSON.stringify(finished)}\n`,
    ]);
    expect(posted).toEqual([log, finished]);
  });
});

describe('stop signal', () => {
  it.each([
    ['SIGINT', [], 'interrupted'],
    ['SIGTERM', [], 'terminated'],
    ['disconnect', [], 'the program that started the training is gone'],
    ['message', [{ type: 'abort', reason: 'enough' }], 'enough'],
  ])('fires on %s', (event, args, reason) => {
    const events = new EventEmitter();
    const { signal, close } = listenForStop(events, () => undefined);
    events.emit('message', { type: 'unknown' });
    expect(signal.aborted).toBe(false);
    events.emit(event, ...args);
    expect(signal.reason).toEqual(new TrainingAborted(reason));
    close();
    expect(events.eventNames()).toEqual([]);
  });

  it('a second Ctrl-C ends the process at once', () => {
    const events = new EventEmitter();
    let exits = 0;
    listenForStop(events, () => exits++);
    events.emit('SIGINT');
    expect(exits).toBe(0);
    events.emit('SIGINT');
    expect(exits).toBe(1);
  });
});

describe('failures', () => {
  it.each([
    [new TrainingAborted('enough'), 'aborted', 3],
    [new TrainingDiverged(NaN, 2, 1), 'diverged', 4],
    [new FaultError({ code: 'disk-full', message: 'The disk is full.' }), 'failed', 1],
    [new Error('a defect'), 'failed', 1],
  ])('%s is %s', (error, status, exitCode) => {
    expect(describeFailure(error, new MmarFiles(root))).toMatchObject({ status, exitCode });
  });

  it('name no place of this machine', () => {
    const fault = {
      code: 'image-missing',
      message: `not in ${root}/data`,
      file: '/home/dr_who/scans/a.nii',
    } as const;
    const inside = { code: 'image-missing', message: 'gone', file: join(root, 'data/a.nii') } as const;
    const { faults, reason } = describeFailure(new FaultError(fault, inside), new MmarFiles(root));
    expect(faults.map(({ file }) => file)).toEqual(['a.nii', 'data/a.nii']);
    expect(reason).toBe('a.nii: not in ./data.\ndata/a.nii: gone.');
    const defect = describeFailure(new Error(`odd: ${root}/data`), new MmarFiles(root));
    expect(defect.stack).toContain('odd: ./data');
    expect(defect.stack).not.toContain(root);
  });
});

describe('what the environment says', () => {
  it('threads: all cores, or a number', () => {
    expect([readThreads(undefined, 8), readThreads('', 8), readThreads('3', 8)]).toEqual([8, 8, 3]);
    for (const wrong of ['0', 'two', '1.5'])
      expect(() => readThreads(wrong, 8)).toThrow(/a whole number above 0/);
  });

  it('provider: the CPU, or one that is there', () => {
    expect(selectProvider({ CUDA_VISIBLE_DEVICES: '' }, true)).toEqual({ name: 'cpu' });
    expect(selectProvider({}, false)).toEqual({ name: 'cpu' });
    expect(selectProvider({ OUTERLOOP_PROVIDER: 'cpu' }, true)).toEqual({ name: 'cpu' });
    expect(() => selectProvider({ OUTERLOOP_PROVIDER: 'abacus' }, true)).toThrow(
      /There is no provider "abacus". Allowed: cpu/,
    );
  });
});
