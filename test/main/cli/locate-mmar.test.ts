import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runProgram } from '../../../main/cli/program.ts';
import { captureOutput } from './capture-output.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'outerloop-locate-'));
  vi.stubEnv('OUTERLOOP_DATA', join(folder, 'user'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

async function outerloop(...args: string[]): Promise<{ code: number; notes: string; lines: string }> {
  const output = captureOutput();
  const code = await runProgram(args, output);
  return { code, notes: output.notes.join('\n'), lines: output.lines.join('\n') };
}

describe('an MMAR that a command names', () => {
  it.each([
    ['automl', '-m'],
    ['runs', '-m'],
    ['search-space', '-m'],
    ['train', '-m'],
    ['evaluate', '-m'],
    ['export', '-m'],
    ['mmar', 'check'],
    ['mmar', 'trust'],
    ['mmar', 'write-to'],
    ['mmar', 'versions'],
    ['mmar', 'pack', 'x.mmar'],
    ['mmar', 'copy', 'x'],
  ])('has to be there: %s %s', async (command, word, ...rest) => {
    const missing = await outerloop(command, word, join(folder, 'none'), ...rest);
    const message = `error: ${folder}/none: There is no such folder. Allowed: the folder of an MMAR.`;
    expect(missing).toEqual({ code: 1, notes: message, lines: '' });
  });

  it('is a folder with configs, and those below another one are named', async () => {
    writeFileSync(join(folder, 'a.mmar'), '');
    mkdirSync(join(folder, 'mine/config'), { recursive: true });
    writeFileSync(join(folder, 'mine/config/environment.json'), '{}');
    expect((await outerloop('runs', '-m', join(folder, 'a.mmar'))).notes).toContain('outerloop mmar unpack');
    expect((await outerloop('runs', '-m', folder)).notes).toBe(
      `error: ${folder}: This is no MMAR: it has no folder config/. Allowed: ${folder}/mine.`,
    );
    expect((await outerloop('runs', '-m', join(folder, 'mine'))).code).toBe(0);
  });
});

describe('outerloop mmar versions', () => {
  it('lists what pack has stamped', async () => {
    const mmar = join(folder, 'mine');
    mkdirSync(join(mmar, 'config'), { recursive: true });
    writeFileSync(join(mmar, 'config/environment.json'), '{}');
    expect((await outerloop('mmar', 'versions', mmar)).lines).toBe('The MMAR was not packed yet.');
    await outerloop('mmar', 'pack', mmar, join(folder, 'a.mmar'), '--note', 'first try');
    const { lines } = await outerloop('mmar', 'versions', mmar);
    expect(lines).toMatch(
      /^version +UTC +content +note\n.*\n1 +\d{4}-\d\d-\d\d \d\d:\d\d +[0-9a-f]{16} +first try$/,
    );
    const json = (await outerloop('mmar', 'versions', mmar, '--json')).lines;
    expect(JSON.parse(json)).toMatchObject({ version: 1, note: 'first try' });
  });
});

describe('outerloop mmar write-to', () => {
  it('keeps what the user allows, and takes it back', async () => {
    const mmar = join(folder, 'mine');
    mkdirSync(join(mmar, 'config'), { recursive: true });
    const none = 'The configs of this MMAR write into the MMAR alone.';
    expect((await outerloop('mmar', 'write-to', mmar)).lines).toBe(none);
    expect((await outerloop('mmar', 'write-to', mmar, join(folder, 'no'))).notes).toContain('no such folder');
    const allowed = await outerloop('mmar', 'write-to', mmar, folder);
    expect(allowed.lines).toBe(`The configs of this MMAR may write into ${folder}`);
    expect((await outerloop('mmar', 'write-to', mmar, folder, '--revoke')).lines).toBe(none);
  });
});
