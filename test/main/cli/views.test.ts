import { describe, expect, it } from 'vitest';
import type { JobRecord } from '../../../common/run/job-record.ts';
import type { RunObservation, RunSummary } from '../../../common/run/run-observation.ts';
import { cutTo, formatNumber, formatSeconds, formatTable } from '../../../main/cli/format.ts';
import { chooseRunView } from '../../../main/cli/views/choose-run-view.ts';
import {
  describeClasses,
  describeLeaderboard,
  describeNextSteps,
} from '../../../main/cli/views/describe-run.ts';
import { captureOutput } from './capture-output.ts';

const record: JobRecord = {
  job: 'W1_1_J1',
  worker: 'W1',
  devices: [],
  recommendationId: 0,
  round: 1,
  values: {},
  concrete: { 'lr.float.$0:learning_rate': 0.00123456, 'net.enum.$1:a,b': [true, [16, 32]] },
  state: 'running',
  startedAt: '2026-01-01T00:00:00.000Z',
  seconds: 0,
  attempts: 1,
};
const ended: JobRecord = { ...record, state: 'completed', score: 0.81234, seconds: 95, bestEpoch: 6 };

const story: RunObservation[] = [
  { type: 'job', record },
  {
    type: 'job-progress',
    job: 'W1_1_J1',
    worker: 'W1',
    progress: { epoch: 1, epochs: 6, iteration: 2, iterationsPerEpoch: 3, loss: 0.5 },
  },
  {
    type: 'job-progress',
    job: 'W1_1_J1',
    worker: 'W1',
    progress: { metrics: { dice: 0.7 }, keyMetric: 'dice', bestMetric: 0.75, secondsLeft: 61 },
  },
  { type: 'log', job: 'W1_1_J1', level: 'info', text: 'chatter' },
  { type: 'log', job: 'W1_1_J1', level: 'warning', text: 'label 3 is rare' },
  { type: 'job', record: ended },
  {
    type: 'run-progress',
    progress: {
      jobsDone: 1,
      jobsRunning: 0,
      jobsWaiting: 3,
      jobsPlanned: 4,
      bestScore: 0.81234,
      bestJob: 'W1_1_J1',
      secondsElapsed: 96,
      secondsLeft: 285,
    },
  },
];

describe('formats', () => {
  it('say times, numbers and tables for people', () => {
    expect([0, 59.6, 95, 7389, undefined].map((value) => formatSeconds(value))).toEqual([
      '0:00',
      '1:00',
      '1:35',
      '2:03:09',
      '—',
    ]);
    expect([0.5, null, undefined, Number.NaN].map((value) => formatNumber(value))).toEqual([
      '0.5000',
      '—',
      '—',
      '—',
    ]);
    expect(cutTo('abcdef', 4)).toBe('abc…');
    expect(
      formatTable(
        ['a', 'long'],
        [
          ['1', 'x'],
          ['22', 'y'],
        ],
      ),
    ).toEqual(['a   long', '--  ----', '1   x', '22  y']);
  });
});

describe('views of a run', () => {
  it('are plain lines without a terminal: starts, measurements, warnings, ends', () => {
    const output = captureOutput();
    const view = chooseRunView(output, false);
    for (const observation of story) view.observe(observation);
    view.close();
    expect(output.lines).toEqual([
      'W1_1_J1  started on W1  learning_rate=0.001235 a,b=true,[16,32]',
      'W1_1_J1  W1  epoch 1/6 (2/3)  loss 0.5000  dice 0.7000 (best 0.7500)  1:01 left',
      'W1_1_J1  warning: label 3 is rare',
      'W1_1_J1  score 0.8123  in 1:35  learning_rate=0.001235 a,b=true,[16,32]',
      '1 job of 4 done, best 0.8123 (W1_1_J1), about 4:45 left',
    ]);
  });

  it('are one JSON value per line for programs', () => {
    const output = captureOutput();
    const view = chooseRunView(output, true);
    for (const observation of story) view.observe(observation);
    expect(output.lines.map((line) => JSON.parse(line) as unknown)).toEqual(story);
  });

  it('redraw in place on a terminal, within its width, and leave nothing behind', async () => {
    const output = captureOutput({ isTerminal: true, columns: 60 });
    const view = chooseRunView(output, false);
    for (const observation of story.slice(0, 3)) view.observe(observation);
    await new Promise((settle) => setTimeout(settle, 300));
    const drawn = output.rawText.split('\n').filter((line) => line !== '');
    expect(drawn.some((line) => line.startsWith('W1  W1_1_J1     epoch 1/6 (2/3)'))).toBe(true);
    for (const line of drawn) expect(line.length).toBeLessThan(60);
    view.observe(story[5]!);
    view.close();
    expect(output.rawText.endsWith('\u001b[0J')).toBe(true);
    expect(output.lines).toEqual(['W1_1_J1  score 0.8123  in 1:35  learning_rate=0.001235 a,b=true,[16,32]']);
  });
});

describe('the end of a run', () => {
  const failed: JobRecord = { ...record, job: 'W2_1_J2', state: 'failed', reason: 'no memory', seconds: 3 };
  const summary: RunSummary = {
    runId: 'first',
    runFolder: '/m/automl/first',
    status: 'completed',
    reason: 'nothing more to try',
    resumable: false,
    best: { job: 'W1_1_J1', score: 0.81234 },
    jobs: [ended, failed],
    seconds: 120,
  };

  it('shows the best jobs first, and how others ended', () => {
    expect(describeLeaderboard(summary)).toEqual(
      [
        '#  job      score   epoch  time  tried',
        '-  -------  ------  -----  ----  -----------------------------------------',
        '1  W1_1_J1  0.8123  6      1:35  learning_rate=0.001235 a,b=true,[16,32]',
        '2  W2_1_J2  failed  —      0:03  learning_rate=0.001235 a,b=true,[16,32]',
      ].map((line) =>
        line.startsWith('-') ? (expect.stringMatching(/^-( |-)*$/) as unknown as string) : line,
      ),
    );
    expect(describeLeaderboard(summary, 1).at(-1)).toBe('and 1 job more in leaderboard.csv');
    expect(describeLeaderboard({ ...summary, jobs: [] })).toEqual(['No job has ended.']);
  });

  it('shows the best job class by class, where its training does', () => {
    const classes = [
      { number: 1, name: 'liver', score: 0.91234 },
      { number: 2, score: null },
    ];
    expect(describeClasses({ metric: 'val_mean_dice', epoch: 12, classes })).toEqual([
      'val_mean_dice of the best job per class, in epoch 12:',
      'class  label  score',
      expect.stringMatching(/^-+ +-+ +-+$/),
      '1      liver  0.9123',
      '2             —',
      '',
    ]);
    expect(describeClasses(undefined)).toEqual([]);
  });

  it('says what to do next: with the best job, or to resume', () => {
    const next = describeNextSteps(summary, '/m', 'outerloop').join('\n');
    expect(next).toContain('/m/automl/first/best');
    expect(next).toContain('outerloop evaluate -m /m/automl/first/best');
    expect(
      describeNextSteps({ ...summary, resumable: true }, '/m', 'outerloop', {
        trust: true,
        automlConf: 'a.json',
      }),
    ).toEqual([
      'Go on with it:   outerloop automl -m /m --automlconf a.json --set run_id=first --resume --trust',
    ]);
    const [quoted] = describeNextSteps({ ...summary, resumable: true }, "/it's m", 'outerloop');
    expect(quoted).toContain(process.platform === 'win32' ? `-m "/it's m" ` : `-m '/it'\\''s m' `);
    expect(describeNextSteps({ ...summary, resumable: true }, '/m', 'outerloop')).toEqual([
      'Go on with it:   outerloop automl -m /m --set run_id=first --resume',
    ]);
  });
});
