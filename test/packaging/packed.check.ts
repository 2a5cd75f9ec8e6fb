import { extractFile, listPackage } from '@electron/asar';
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses';
import { build, Platform } from 'electron-builder';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  lstatSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { measureFirstLoad } from '../../bench/ui/first-load.ts';
import { NODE_PACKAGES } from '../../main/electron/program-paths.ts';
import { makeSeededRandom } from '../../common/random/seeded-random.ts';
import { newMmar } from '../../main/mmar/new-mmar.ts';
import { writePhantomDataSet } from '../../main/phantoms/write-data-set.ts';
import { findChangedFiles } from '../../main/electron/verify-program.ts';
import { findOwnTarget } from '../../scripts/package/targets.ts';
import { makeStubElectron } from './stub-electron.ts';

/*
 * A package of this machine's platform with a stub in Electron's place: it shows what a package holds, and that the
 * program behind runs from it. That Electron starts, only a binary can show (test/electron/only-with-a-binary.ts).
 */
const root = resolve(import.meta.dirname, '../..');
const target = findOwnTarget();
/** What installs: the archive and what lies beside it, without Electron. */
const MOST_UNPACKED_BYTES = 320 * 1024 ** 2;
/** The first page, gzipped: what is loaded before the window can be used. */
const MOST_FIRST_LOAD_BYTES = 700_000;

if (target === undefined || target.platform !== 'linux')
  console.warn(
    `SKIPPED: contents of a package: the stub is made for Linux on x64, this is ${process.platform}-${process.arch}`,
  );

describe.skipIf(target?.platform !== 'linux')('a package with a stub in the place of Electron', () => {
  let folder: string;
  let unpacked: string;
  const resources = (): string => join(unpacked, 'resources');
  const program = (): string => join(resources(), 'program');
  const archive = (): string => join(resources(), 'app.asar');
  const node = (): string => join(program(), 'node_modules', NODE_PACKAGES['linux-x64']!, 'bin/node');

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'outerloop-package-'));
    const { version } = JSON.parse(
      readFileSync(join(root, 'node_modules/electron/package.json'), 'utf8'),
    ) as { version: string };
    await makeStubElectron(join(folder, 'electron'), version);
    await build({
      projectDir: root,
      targets: Platform.LINUX.createTarget('dir'),
      publish: 'never',
      config: {
        extends: join(root, 'electron-builder.yml'),
        electronDist: join(folder, 'electron'),
        directories: { output: join(folder, 'out') },
      },
    });
    unpacked = join(folder, 'out', 'linux-unpacked');
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const listed = (): string[] =>
    listPackage(archive(), { isPack: false }).map((file) => file.replaceAll('\\', '/'));

  it("has in its archive Electron's part, the window and nothing else", () => {
    const files = listed().filter((file) => /\.[^/]+$/.test(file));
    expect(files).toEqual(
      expect.arrayContaining([
        '/package.json',
        '/dist/electron/main.js',
        '/dist/electron/preload.cjs',
        '/dist/electron/icon.png',
        '/dist/electron/program-digests.json',
        '/dist/renderer/index.html',
      ]),
    );
    const others = files.filter(
      (file) =>
        !/^\/(package\.json$|dist\/electron\/(main\.js|preload\.cjs|icon\.png|program-digests\.json)$|dist\/renderer\/)/.test(
          file,
        ),
    );
    expect(others).toEqual([]);
    expect(files.filter((file) => /\.(ts|map|svelte)$|node_modules|test/.test(file))).toEqual([]);
    const { main } = JSON.parse(extractFile(archive(), 'package.json').toString()) as { main: string };
    expect(files).toContain(`/${main}`);
  });

  it('imports nothing in its archive that is not in it', () => {
    const code = (file: string): string => extractFile(archive(), file).toString();
    const names = (text: string, pattern: RegExp): string[] =>
      [...text.matchAll(pattern)].map(([, name]) => name!);
    const imported = names(code('dist/electron/main.js'), /^import (?:[^"]* from )?"([^"]+)";$/gm);
    expect(imported).toContain('electron');
    expect(imported.filter((name) => name !== 'electron' && !name.startsWith('node:'))).toEqual([]);
    expect(code('dist/electron/main.js')).not.toMatch(/\b__require\(/);
    expect(names(code('dist/electron/preload.cjs'), /\brequire\("([^"]+)"\)/g)).toEqual(['electron']);
  });

  it('has a window that asks no network for anything', () => {
    const addresses = listed()
      .filter((file) => /^\/dist\/renderer\/.*\.(html|css)$/.test(file))
      .flatMap((file) => [
        ...extractFile(archive(), file.slice(1))
          .toString()
          .matchAll(/(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?\/\/[^"')\s]+/g),
      ])
      .map(([address]) => address);
    expect(addresses).toEqual([]);
    const page = extractFile(archive(), 'dist/renderer/index.html').toString();
    expect(page).not.toMatch(/<script(?![^>]*\bsrc=)/);
    expect(page).not.toMatch(/ on\w+=| style=/);
  });

  it('has the fuses of electron-builder.yml in its binary', async () => {
    const wire = await getCurrentFuseWire(join(unpacked, 'outerloop-desktop'));
    const isOn = (fuse: FuseV1Options): boolean => wire[fuse] === '1'.charCodeAt(0);
    expect(
      Object.fromEntries(
        Object.entries(FuseV1Options)
          .filter(([, value]) => typeof value === 'number')
          .map(([name, value]) => [name, isOn(value as FuseV1Options)]),
      ),
    ).toEqual({
      RunAsNode: false,
      EnableCookieEncryption: false,
      EnableNodeOptionsEnvironmentVariable: false,
      EnableNodeCliInspectArguments: false,
      EnableEmbeddedAsarIntegrityValidation: true,
      OnlyLoadAppFromAsar: true,
      LoadBrowserProcessSpecificV8Snapshot: false,
      GrantFileProtocolExtraPrivileges: false,
      WasmTrapHandlers: true,
    });
  });

  it('has the program behind beside its archive, as its digests say', async () => {
    const digests = join(folder, 'digests.json');
    writeFileSync(digests, extractFile(archive(), 'dist/electron/program-digests.json'));
    expect(await findChangedFiles(program(), digests)).toEqual([]);
    for (const file of [
      'dist/program/backend.js',
      'dist/program/outerloop.js',
      'trainer/main.ts',
      'package.json',
      'LICENSE',
      'bin/outerloop',
    ])
      expect(existsSync(join(program(), file))).toBe(true);
    expect(readdirSync(join(program(), 'mmar-templates'))).toEqual(readdirSync(join(root, 'mmar-templates')));
  });

  it("has ONNX Runtime's files of this platform alone, unpacked", () => {
    const natives = readdirSync(program(), { recursive: true, withFileTypes: true })
      .filter((entry) => /\.(node|so(\.\d+)*|dll|dylib|exe)$/.test(entry.name))
      .map((entry) => relative(program(), join(entry.parentPath, entry.name)));
    expect(natives.sort()).toEqual([
      'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/libonnxruntime.so.1',
      'node_modules/onnxruntime-node/bin/napi-v6/linux/x64/onnxruntime_binding.node',
    ]);
  });

  it('leaves out what is for development', () => {
    const files = (readdirSync(program(), { recursive: true }) as string[]).map((file) =>
      file.replaceAll('\\', '/'),
    );
    const leftOvers = files.filter(
      (file) =>
        /^(test|bench|scripts|renderer|docs)(\/|$)|^dist\/(?!program(\/|$))|^main\/electron(\/|$)|tsconfig|\.map$|\.d\.[cm]?ts$|\.svelte$/.test(
          file,
        ) || /^node_modules\/.*\.[cm]?ts$/.test(file),
    );
    expect(leftOvers).toEqual([]);
    for (const development of [
      'electron',
      'vite',
      'svelte',
      'vitest',
      'typescript',
      'electron-store',
      'adm-zip',
    ])
      expect(existsSync(join(program(), 'node_modules', development))).toBe(false);
  });

  it('is not larger than it has to be', () => {
    const sizes = (readdirSync(resources(), { recursive: true }) as string[])
      .map((file) => lstatSync(join(resources(), file)))
      .filter((stat) => stat.isFile())
      .map(({ size }) => size);
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    console.log(`unpacked, without Electron: ${(bytes / 1024 ** 2).toFixed(0)} MiB in ${sizes.length} files`);
    expect(bytes).toBeLessThan(MOST_UNPACKED_BYTES);
  });

  it('loads less than 700 kB of JavaScript, gzipped, before the window can be used', () => {
    const { scripts, gzippedBytes } = measureFirstLoad(join(root, 'dist/renderer'));
    console.log(`first load: ${scripts.length} scripts, ${(gzippedBytes / 1000).toFixed(0)} kB gzipped`);
    expect(scripts.length).toBeGreaterThan(0);
    expect(gzippedBytes).toBeLessThan(MOST_FIRST_LOAD_BYTES);
  });

  describe('the program in it', () => {
    const run = (words: readonly string[], timeout = 30_000) =>
      spawnSync(node(), words, {
        cwd: folder,
        encoding: 'utf8',
        timeout,
        env: { PATH: '/usr/bin:/bin', HOME: folder, OUTERLOOP_DATA: join(folder, 'data') },
      });
    const outerloop = (...words: string[]) => run([join(program(), 'main/cli/main.ts'), ...words], 240_000);

    it('is run by the Node of the package', () => {
      expect(run(['--version']).stdout.trim()).toMatch(/^v24\./);
      const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
      expect(outerloop('--version').stdout.trim()).toBe(version);
      expect(
        spawnSync(join(program(), 'bin/outerloop'), ['--version'], { encoding: 'utf8' }).stdout.trim(),
      ).toBe(version);
    });

    it('finds the execution providers of ONNX Runtime', () => {
      const { stdout, stderr, status } = run([join(program(), 'trainer/describe-providers.ts')]);
      expect(stderr).toBe('');
      expect(status).toBe(0);
      const { providers } = JSON.parse(stdout) as { providers: { name: string; isAvailable: boolean }[] };
      expect(providers.find(({ name }) => name === 'cpu')).toMatchObject({ isAvailable: true });
    });

    it('trains', async () => {
      const mmar = join(folder, 'mmar');
      const random = makeSeededRandom(7);
      const datalist = await writePhantomDataSet({
        folder: join(folder, 'data-set'),
        training: 2,
        validation: 1,
        test: 0,
        baseSize: 16,
        random: () => random.uniform(),
      });
      await newMmar({
        template: 'segmentation-unet-3d',
        folder: mmar,
        datalist,
        settings: { epochs: 1, num_interval_per_valid: 1 },
      });
      const { status, stdout, stderr } = run(
        [
          join(program(), 'trainer/main.ts'),
          ...['train', '-m', mmar, '-c', 'config/config_train.json', '-e', 'config/environment.json'],
          '--write_train_stats',
        ],
        200_000,
      );
      expect(`${stdout}\n${stderr}\n${status}`).toMatch(/\n0$/);
      const models = (readdirSync(join(mmar, 'models'), { recursive: true }) as string[]).filter((file) =>
        file.endsWith('.onnx'),
      );
      expect(models.length).toBeGreaterThan(0);
    });
  });
});
