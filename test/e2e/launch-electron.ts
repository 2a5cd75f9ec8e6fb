import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication } from 'playwright-core';
import { findElectron } from '../../scripts/start.ts';
import { onlyWithABinary } from '../electron/only-with-a-binary.ts';

const root = resolve(import.meta.dirname, '../..');

/** Electron's binary; undefined where there is none, and then the list of what nobody has proved here. */
export function findElectronToTest(): string | undefined {
  const found = findElectron();
  if (found === undefined)
    console.warn(
      [
        'NOT RUN: no Electron binary. Not proved here:',
        ...onlyWithABinary.map((claim) => `  - ${claim}`),
      ].join('\n'),
    );
  return found;
}

/** The development build in Electron; playwright needs the fuses that a package has off. */
export function launchElectron(executablePath: string, home: string): Promise<ElectronApplication> {
  return _electron.launch({
    executablePath,
    args: [root],
    env: { ...(process.env as Record<string, string>), HOME: home, OUTERLOOP_DATA: join(home, 'data') },
  });
}
