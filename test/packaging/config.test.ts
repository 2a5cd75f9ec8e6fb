import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKED_ENDING } from '../../main/electron/opened-files.ts';
import { NODE_PACKAGES } from '../../main/electron/program-paths.ts';
import { packageTargets } from '../../scripts/package/targets.ts';

const root = resolve(import.meta.dirname, '../..');
const require = createRequire(import.meta.url);
const builderRequire = createRequire(require.resolve('electron-builder/package.json'));
const { load } = builderRequire('js-yaml') as { load(text: string): Record<string, unknown> };
const libFolder = dirname(builderRequire.resolve('app-builder-lib/package.json'));
const { validateConfiguration } = require(join(libFolder, 'out/util/config/config.js')) as {
  validateConfiguration(config: object, log: object): Promise<void>;
};
const { DebugLogger } = createRequire(join(libFolder, 'package.json'))('builder-util') as {
  DebugLogger: new (isEnabled: boolean) => object;
};

const read = (): Record<string, unknown> => load(readFileSync(join(root, 'electron-builder.yml'), 'utf8'));
const validate = (config: object): Promise<void> => validateConfiguration(config, new DebugLogger(false));

describe('electron-builder.yml', () => {
  it('is understood by electron-builder, which refuses what it does not know', async () => {
    await validate(read());
    await expect(validate({ ...read(), electronFusez: {} })).rejects.toThrow('electronFusez');
    await expect(validate({ ...read(), electronFuses: { runAsNod: false } })).rejects.toThrow(
      'configuration.electronFuses',
    );
  });

  it('makes these packages, whose names electron-builder does not check', () => {
    const { linux, win, mac } = read() as Record<string, { target: string[] }>;
    expect([linux!.target, win!.target, mac!.target]).toEqual([['AppImage', 'deb'], ['nsis'], ['dmg']]);
  });

  it('has every fuse as docs/security.md says', () => {
    expect(read()['electronFuses']).toEqual({
      runAsNode: false,
      enableCookieEncryption: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      loadBrowserProcessSpecificV8Snapshot: false,
      grantFileProtocolExtraPrivileges: false,
    });
  });

  it('associates the files that the program opens', () => {
    expect(read()['fileAssociations']).toMatchObject([{ ext: PACKED_ENDING.slice(1) }]);
  });

  it('publishes nothing and updates nothing', () => {
    expect(read()['publish']).toBeNull();
    const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      dependencies: object;
    };
    expect(Object.keys(dependencies)).not.toContain('electron-updater');
  });
});

describe('the targets', () => {
  it('are those that the program finds its Node on', () => {
    expect(
      Object.fromEntries(
        packageTargets.map((target) => [`${target.platform}-${target.processor}`, target.nodePackage]),
      ),
    ).toEqual(NODE_PACKAGES);
  });

  it('have their Node as an optional dependency', () => {
    const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      optionalDependencies: object;
    };
    expect(Object.keys(optionalDependencies).sort()).toEqual(
      packageTargets.map(({ nodePackage }) => nodePackage).sort(),
    );
  });
});
