import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';

/*
 * `npm start`: builds the window and Electron's part, and starts Electron. Electron's package would download its binary
 * when it is asked for it; this program looks for the binary first, and downloads nothing.
 */
const repository = resolve(import.meta.dirname, '..');
const electronPackage = join(repository, 'node_modules/electron');
const EXECUTABLES: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  darwin: 'Electron.app/Contents/MacOS/Electron',
  win32: 'electron.exe',
};

/** Absolute path of Electron's binary, where there is one. */
export function findElectron(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const folder = environment['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(electronPackage, 'dist');
  const binary = join(folder, EXECUTABLES[process.platform] ?? 'electron');
  return existsSync(binary) ? binary : undefined;
}

function describeMissing(): string {
  const { version } = JSON.parse(readFileSync(join(electronPackage, 'package.json'), 'utf8')) as {
    version: string;
  };
  return [
    '',
    `There is no Electron ${version} on this machine, and nothing is downloaded unasked.`,
    '',
    '  The same app in a browser of this machine:   npm run serve',
    '  Electron from where it is published (130 MB): npx install-electron --no',
    '  Electron that was unpacked somewhere:         ELECTRON_OVERRIDE_DIST_PATH=<folder> npm start',
    '',
  ].join('\n');
}

/** Asks whoever sits at a terminal; nobody else is waited for. */
async function wantsServe(): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question('Open it in the browser now? [Y/n] ');
  terminal.close();
  return /^(y|yes|)$/i.test(answer.trim());
}

function runNpm(...words: string[]): number {
  const run = spawnSync('npm', ['run', '--silent', ...words], {
    cwd: repository,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  return run.status ?? 1;
}

async function start(): Promise<number> {
  const electron = findElectron();
  if (electron === undefined) {
    console.log(describeMissing());
    return (await wantsServe()) ? runNpm('serve') : 1;
  }
  const built = runNpm('build');
  if (built !== 0) return built;
  return spawnSync(electron, [repository, ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1;
}

if (process.argv[1] === import.meta.filename) process.exitCode = await start();
