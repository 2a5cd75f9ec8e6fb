import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readBest, recoverBest, replaceBest } from '../../../main/automl/best-folder.ts';

let runRoot: string;
let best: string;
beforeEach(() => {
  runRoot = mkdtempSync(join(tmpdir(), 'outerloop-best-'));
  best = join(runRoot, 'best');
  for (const job of ['J1', 'J2']) {
    mkdirSync(join(runRoot, job));
    writeFileSync(join(runRoot, job, 'model.pt'), job);
  }
});
afterEach(() => rmSync(runRoot, { recursive: true }));

const exchange = (job: string): Promise<void> => replaceBest(join(runRoot, job), best, { job, score: 1 });

describe('best/', () => {
  it('is there for every reader while it is exchanged, again and again', async () => {
    await exchange('J1');
    let isOver = false;
    const seen = new Set<string | undefined>();
    const reading = (async () => {
      while (!isOver) seen.add((await readBest(best))?.job);
    })();
    for (let time = 0; time < 60; time++) await exchange(time % 2 === 0 ? 'J2' : 'J1');
    isOver = true;
    await reading;
    expect(seen).toEqual(new Set(['J1', 'J2']));
    expect(readdirSync(runRoot).toSorted()).toEqual(['J1', 'J2', 'best']);
  });

  it('is not there before there is one', async () => {
    expect(await readBest(best)).toBeUndefined();
    await recoverBest(best);
    expect(existsSync(best)).toBe(false);
  });

  it('is the new one after a crash between the two renames', async () => {
    await exchange('J1');
    renameSync(best, join(runRoot, '.best.old'));
    await exchange('J2');
    renameSync(best, join(runRoot, '.best.new'));
    mkdirSync(join(runRoot, '.best.old'));
    await recoverBest(best);
    expect(readFileSync(join(best, 'model.pt'), 'utf8')).toBe('J2');
    expect(readdirSync(runRoot).toSorted()).toEqual(['J1', 'J2', 'best']);
  });

  it('is the old one after a crash in the middle of the copy', async () => {
    await exchange('J1');
    mkdirSync(join(runRoot, '.best.new'));
    writeFileSync(join(runRoot, '.best.new/model.pt'), 'half');
    await recoverBest(best);
    expect(await readBest(best)).toEqual({ job: 'J1', score: 1 });
    await exchange('J2');
    expect(readdirSync(runRoot).toSorted()).toEqual(['J1', 'J2', 'best']);
  });
});
