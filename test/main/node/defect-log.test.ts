import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openDefectLog } from '../../../main/node/defect-log.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outerloop-defects-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const file = (): string => join(folder, 'logs', 'defects.jsonl');

describe('the defect log', () => {
  it('keeps what went wrong under the name that the user was told', () => {
    const log = openDefectLog(folder);
    const name = log.record(new TypeError('x is not a function'), 'runs.list');
    const other = log.record('thrown text', 'resource volumes');
    expect(name).toMatch(/^[0-9a-f]{8}$/);
    expect(other).not.toBe(name);
    const lines = readFileSync(file(), 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        correlation: name,
        operation: 'runs.list',
        message: 'x is not a function',
        stack: expect.any(String),
      },
      { correlation: other, operation: 'resource volumes', message: 'thrown text' },
    ]);
    expect(log.recent().map(({ correlation }) => correlation)).toEqual([other, name]);
  });

  it('remembers the newest fifty only', () => {
    const log = openDefectLog(folder);
    for (let index = 0; index < 60; index++) log.record(new Error(String(index)), 'a.b');
    expect(log.recent()).toHaveLength(50);
    expect(log.recent()[0]!.message).toBe('59');
  });

  it('begins anew when it has grown large, and keeps one old log', () => {
    const log = openDefectLog(folder);
    log.record(new Error('first'), 'a.b');
    writeFileSync(file(), 'x'.repeat(4 * 1024 ** 2 + 1));
    log.record(new Error('second'), 'a.b');
    expect(statSync(`${file()}.old`).size).toBeGreaterThan(4 * 1024 ** 2);
    expect(readFileSync(file(), 'utf8')).toContain('second');
  });

  it('goes on without a disk', () => {
    writeFileSync(join(folder, 'logs'), 'a file where a folder is needed');
    const log = openDefectLog(folder);
    const name = log.record(new Error('first'), 'a.b');
    expect(log.recent()[0]!.correlation).toBe(name);
  });
});
