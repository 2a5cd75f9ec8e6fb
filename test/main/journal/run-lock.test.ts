import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockRun } from '../../../main/journal/run-lock.ts';
import { processTable } from '../../../main/node/process-table.ts';
import type { ProcessTable } from '../../../main/ports/processes.ts';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outerloop-lock-'));
  file = join(folder, 'run.lock');
});
afterEach(() => rm(folder, { recursive: true }));

const self = processTable.self();
const nobody: ProcessTable = { self: () => self, identify: () => undefined };

describe('the lock of a run', () => {
  it('says who holds it, and goes when it is released', async () => {
    const lock = await lockRun(file, processTable);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(self);
    await lock.release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is refused while the process that holds it runs', async () => {
    const lock = await lockRun(file, processTable);
    await expect(lockRun(file, processTable, 'automl/a/run.lock')).rejects.toMatchObject({
      faults: [
        {
          code: 'run-locked',
          file: 'automl/a/run.lock',
          message: `The run is being worked on by process ${process.pid}, which is running.`,
        },
      ],
    });
    expect(await readdir(folder)).toEqual(['run.lock']);
    await lock.release();
  });

  it('of a process that is gone is taken over', async () => {
    await writeFile(file, JSON.stringify({ ...self, pid: 2 ** 22 + 1 }));
    await lockRun(file, nobody);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(self);
  });

  it('of a process whose number is in use again is taken over', async () => {
    await writeFile(file, JSON.stringify({ ...self, started: 'yesterday' }));
    await lockRun(file, processTable);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(self);
  });

  it('of another computer is refused, since it cannot be asked', async () => {
    await writeFile(file, JSON.stringify({ ...self, host: 'elsewhere' }));
    await expect(lockRun(file, nobody)).rejects.toThrow(/the computer elsewhere.*delete this file/);
  });

  it('that a crash left empty is taken over', async () => {
    await writeFile(file, '');
    await lockRun(file, processTable);
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(self);
  });

  it('is got by one of many who find a stale one', async () => {
    for (let round = 0; round < 30; round++) {
      await writeFile(file, JSON.stringify({ ...self, started: 'yesterday' }));
      const tries = await Promise.allSettled(Array.from({ length: 20 }, () => lockRun(file, processTable)));
      expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(await readdir(folder)).toEqual(['run.lock']);
      await rm(file);
    }
  });

  it('is taken over even when somebody died while taking it over', async () => {
    const gone = JSON.stringify({ ...self, started: 'yesterday' });
    await writeFile(file, gone);
    await writeFile(`${file}.takeover`, gone);
    await lockRun(file, processTable);
    expect(await readdir(folder)).toEqual(['run.lock']);
  });
});
