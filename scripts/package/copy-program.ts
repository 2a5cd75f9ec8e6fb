import { cpSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AfterPackContext } from 'electron-builder';
import { packageTargets } from './targets.ts';

const stage = resolve(import.meta.dirname, '../../dist/stage');
/** The names of Electron's processors as electron-builder counts them. */
const PROCESSORS: Readonly<Record<number, string>> = { 1: 'x64', 3: 'arm64' };

/**
 * Puts the staged program beside the archive, before fuses and signatures. Not by extraResources: electron-builder leaves
 * out every node_modules there.
 */
export function afterPack(context: AfterPackContext): void {
  const { electronPlatformName, arch, appOutDir, packager } = context;
  const target = packageTargets.find(
    ({ platform, processor }) => platform === electronPlatformName && processor === PROCESSORS[arch],
  );
  if (target === undefined) throw new Error(`There is no target ${electronPlatformName}, ${arch}.`);
  cpSync(join(stage, target.name, 'program'), join(packager.getResourcesDir(appOutDir), 'program'), {
    recursive: true,
    verbatimSymlinks: true,
  });
}
