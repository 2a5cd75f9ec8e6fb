import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const repository = join(import.meta.dirname, '../../..');

/** Runs a module with the product's output; the reader of its stdout goes away after the first line. */
async function runWithoutReader(code: string): Promise<{ exitCode: number | null; errors: string }> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { cwd: repository });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  child.stdout.once('data', () => child.stdout.destroy());
  const exitCode = await new Promise<number | null>((settle) => child.once('exit', settle));
  return { exitCode, errors };
}

const WRITES = `
  import { setTimeout as sleep } from 'node:timers/promises';
  import { outliveReaders, processOutput } from './main/cli/output.ts';
  outliveReaders();
  for (let line = 0; line < 20; line++) {
    processOutput.line('line ' + line);
    await sleep(20);
  }
  processOutput.note('done \\u001b[2J');
  process.exitCode = 5;`;

describe('the output of the program', () => {
  it('goes on when nobody reads it any more, and shows no control characters', async () => {
    expect(await runWithoutReader(WRITES)).toEqual({ exitCode: 5, errors: 'done ␛[2J\n' });
  });
});
