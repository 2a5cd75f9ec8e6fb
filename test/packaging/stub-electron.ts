import { createPackage } from '@electron/asar';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What @electron/fuses looks for in Electron's binary: a mark, a version, a count and one letter for each fuse. */
const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
/** Electron's own defaults, so that a fuse that nobody flips shows. */
const DEFAULT_WIRE = '101100011';

/**
 * A folder that electron-builder takes for an Electron: it has what is packed and flipped, and nothing that runs. Whatever
 * is shown with it holds for the contents of a package, not for its start.
 */
export async function makeStubElectron(folder: string, version: string): Promise<void> {
  mkdirSync(join(folder, 'locales'), { recursive: true });
  mkdirSync(join(folder, 'resources'));
  const wire = Buffer.concat([
    Buffer.from('a stub, no Electron\n'),
    Buffer.from(SENTINEL),
    Buffer.from([1, DEFAULT_WIRE.length]),
    Buffer.from(DEFAULT_WIRE),
  ]);
  writeFileSync(join(folder, 'electron'), wire);
  chmodSync(join(folder, 'electron'), 0o755);
  writeFileSync(join(folder, 'version'), version);
  writeFileSync(join(folder, 'LICENSE'), 'stub');
  writeFileSync(join(folder, 'LICENSES.chromium.html'), 'stub');
  writeFileSync(join(folder, 'locales', 'en-US.pak'), 'stub');
  const page = join(folder, 'default-app');
  mkdirSync(page);
  writeFileSync(join(page, 'package.json'), '{}');
  await createPackage(page, join(folder, 'resources', 'default_app.asar'));
}
