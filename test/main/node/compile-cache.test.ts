import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { cacheFolder } from '../../../main/node/compile-cache.js';
import { DATA_FOLDER_VARIABLE } from '../../../main/node/data-folder.ts';

it('lies in a folder of the user, on every platform', () => {
  expect(cacheFolder({ [DATA_FOLDER_VARIABLE]: '/data' }, 'linux')).toBe('/data/cache/code');
  expect(cacheFolder({ XDG_CACHE_HOME: '/home/u/.c' }, 'linux')).toBe('/home/u/.c/outerloop/code');
  expect(cacheFolder({ LOCALAPPDATA: '/local' }, 'win32')).toBe('/local/Outerloop/Cache/code');
  for (const platform of ['linux', 'darwin', 'win32'] as const)
    expect(cacheFolder({}, platform)).not.toContain(tmpdir());
});

it('is filled by the command line, which then starts without what takes types out of sources', () => {
  const folder = mkdtempSync(join(tmpdir(), 'outerloop-cache-'));
  // what a process loaded is in its list of modules; this one prints it when it ends
  const watch = join(folder, 'watch.cjs');
  writeFileSync(
    watch,
    `process.on('exit', () => console.log(process.moduleLoadList.includes('NativeModule internal/deps/amaro/dist/index')))`,
  );
  const start = () =>
    execFileSync(process.execPath, ['--require', watch, resolve('main/cli/start.js'), '--version'], {
      env: { ...process.env, [DATA_FOLDER_VARIABLE]: folder },
      encoding: 'utf8',
    }).trimEnd();
  try {
    expect(start()).toMatch(/true$/);
    const [version] = readdirSync(join(folder, 'cache', 'code'));
    expect(readdirSync(join(folder, 'cache', 'code', version!)).length).toBeGreaterThan(50);
    expect(start()).toMatch(/false$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
