import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { cacheFolder } from '../../../main/node/compile-cache.ts';

it('lies in a folder of the user, on every platform', () => {
  expect(cacheFolder({ OUTERLOOP_DATA: '/data' }, 'linux')).toBe('/data/cache/code');
  expect(cacheFolder({ XDG_CACHE_HOME: '/home/u/.c' }, 'linux')).toBe('/home/u/.c/outerloop/code');
  expect(cacheFolder({ LOCALAPPDATA: '/local' }, 'win32')).toBe('/local/Outerloop/Cache/code');
  for (const platform of ['linux', 'darwin', 'win32'] as const)
    expect(cacheFolder({}, platform)).not.toContain(tmpdir());
});

it('is filled by the command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outerloop-cache-'));
  try {
    execFileSync(process.execPath, [resolve('main/cli/main.ts'), '--version'], {
      env: { ...process.env, OUTERLOOP_DATA: folder },
    });
    const [version] = readdirSync(join(folder, 'cache', 'code'));
    expect(readdirSync(join(folder, 'cache', 'code', version!)).length).toBeGreaterThan(50);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
