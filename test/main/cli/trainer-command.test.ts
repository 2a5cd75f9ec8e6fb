import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makePhantomMmar } from '../../trainer/program/phantom-mmar.ts';
import { readTrainStats } from '../../trainer/program/run-program.ts';

const entry = join(import.meta.dirname, '../../../main/cli/main.ts');
const mmar = makePhantomMmar();
afterEach(() => mmar.remove());

describe('outerloop train', { timeout: 120_000 }, () => {
  it('killed, it takes its trainer with it, which can be resumed', async () => {
    const program = spawn(process.execPath, [entry, 'train', '-m', mmar.root, '--set', 'epochs=1000'], {
      env: { ...process.env, OUTERLOOP_THREADS: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exit = new Promise((resolve) => program.on('exit', (_code, signal) => resolve(signal)));
    program.stdout.on('data', (chunk) => {
      if (String(chunk).includes('Epoch: 2/')) program.kill('SIGKILL');
    });
    expect(await exit).toBe('SIGKILL');
    await vi.waitFor(() => expect(readTrainStats(mmar.root).status).toBe('aborted'), { timeout: 60_000 });
    expect(existsSync(join(mmar.root, 'models/resume.pt'))).toBe(true);
  });
});
