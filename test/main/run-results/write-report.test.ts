import { describe, expect, it } from 'vitest';
import { writeReport, type ReportedRun } from '../../../main/run-results/report/write-report.ts';

const EVIL = `</title><img src=x onerror="alert('1')">&`;
const prl = `net.enum.$0:${EVIL}`;

/** A run whose every text is hostile. */
const run = {
  version: EVIL,
  head: {
    run: EVIL,
    state: 'completed',
    startedAt: '2020-01-01T00:00:00.000Z',
    keyMetric: EVIL,
    controller: EVIL,
    executor: EVIL,
    seed: 1,
    seconds: 60,
    jobs: {
      started: 2,
      completed: 2,
      failed: 0,
      diverged: 0,
      timeout: 0,
      aborted: 0,
      interrupted: 0,
      running: 0,
    },
  },
  space: {
    parameters: [
      { prl, type: 'enum', domain: 'net', args: [EVIL], choices: [[EVIL], [`${EVIL}2`]] },
      { prl: 'lr.float.$1:lr', type: 'float', domain: 'lr', args: ['lr'], min: 0, max: 1, log: false },
    ],
  },
  jobs: [0, 1].map((choice) => ({
    job: `${EVIL}${choice}`,
    state: 'completed',
    score: choice / 2,
    bestEpoch: 1,
    seconds: 30,
    startedAt: '2020-01-01T00:00:00.000Z',
    endedAt: '2020-01-01T00:00:30.000Z',
    values: { [prl]: choice, 'lr.float.$1:lr': 0.5 },
  })),
  importance: {
    rows: [{ prl, importance: 0.5, spread: 0.1 }],
    marginals: [{ prl, points: [] }],
    jobs: 2,
  },
} as unknown as ReportedRun;

describe('a report of hostile texts', () => {
  it('shows them as texts: no tag, no attribute and no entity of theirs comes into being', () => {
    const html = writeReport(run);
    expect(html).not.toMatch(/<img|onerror="/);
    expect(html).toContain('&lt;/title&gt;&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;');
    const tags = new Set([...html.matchAll(/<\/?([a-z][\w-]*)/g)].map(([, tag]) => tag));
    for (const tag of ['script', 'img', 'a', 'iframe', 'object', 'form', 'link'])
      expect(tags).not.toContain(tag);
  });
});
