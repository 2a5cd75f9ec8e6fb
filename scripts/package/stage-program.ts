import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative, resolve, sep } from 'node:path';
import { findRuntimePackages } from './find-runtime-packages.ts';
import { findOwnTarget, packageTargets, type PackageTarget } from './targets.ts';

/*
 * Lays out what lies beside the archive in a package, in dist/stage/<target>/program: the sources that a real Node runs,
 * what vite.program.config.ts built of them, the packages that they need, that Node, and ONNX Runtime's files of the target alone. dist/stage/<target>/digests says
 * what each file has to be; it goes into the archive, and Electron's part looks before it starts anything.
 *
 *   node scripts/package/stage-program.ts [linux-x64 | win-x64 | mac-arm64]
 */
const repository = resolve(import.meta.dirname, '../..');
const SOURCES = ['common', 'main', 'trainer', 'mmar-templates', 'bin', 'dist/program', 'LICENSE'];
/** Electron's part is bundled into the archive; tsconfigs are for development. */
const LEFT_OUT_SOURCES = /^main[/\\]electron([/\\]|$)|[/\\]tsconfig\.json$/;
/** What a package brings for those who develop with it. */
const LEFT_OUT_FILES =
  /[/\\]tsconfig[^/\\]*\.json$|\.(d\.[cm]?ts|[cm]?ts|tsx|map|md|markdown|flow|yml|yaml|tsbuildinfo|html)$|[/\\](test|tests|__tests__|example|examples|benchmark|benchmarks|docs|\.github)([/\\]|$)/i;

export interface StagedProgram {
  /** Absolute path. */
  readonly folder: string;
  readonly files: number;
}

export function stageProgram(
  target: PackageTarget,
  stage = join(repository, 'dist/stage', target.name),
): StagedProgram {
  const program = join(stage, 'program');
  rmSync(stage, { recursive: true, force: true });
  mkdirSync(program, { recursive: true });
  for (const source of SOURCES) copySources(source, program);
  for (const folder of findRuntimePackages(repository)) copyPackage(folder, program);
  copyRuntime(target, program);
  copyNode(target, program);
  writePackageFile(program);
  const digests = digestFiles(program);
  mkdirSync(join(stage, 'digests'));
  writeFileSync(join(stage, 'digests', 'program-digests.json'), `${JSON.stringify(digests, null, 1)}\n`);
  return { folder: program, files: Object.keys(digests).length };
}

function copySources(source: string, program: string): void {
  cpSync(join(repository, source), join(program, source), {
    recursive: true,
    filter: (path) => !LEFT_OUT_SOURCES.test(relative(repository, path)),
  });
}

function copyPackage(folder: string, program: string): void {
  const from = join(repository, folder);
  cpSync(from, join(program, folder), {
    recursive: true,
    filter: (path) => {
      const inside = relative(from, path);
      // Packages within packages are on the list themselves; native files come by their target.
      if (inside.split(sep)[0] === 'node_modules') return false;
      if (basename(folder) === 'onnxruntime-node' && /^(bin|script)([/\\]|$)/.test(inside)) return false;
      return !LEFT_OUT_FILES.test(`${sep}${inside}`);
    },
  });
}

function copyRuntime({ platform, processor }: PackageTarget, program: string): void {
  const bin = 'node_modules/onnxruntime-node/bin';
  const [version] = readdirSync(join(repository, bin));
  const files = join(bin, version!, platform, processor);
  if (!existsSync(join(repository, files)))
    throw new Error(`ONNX Runtime has no files for ${platform}-${processor}.`);
  cpSync(join(repository, files), join(program, files), { recursive: true });
}

function copyNode({ name, nodePackage, nodeFile, platform }: PackageTarget, program: string): void {
  const from = join(repository, 'node_modules', nodePackage);
  const to = join(program, 'node_modules', nodePackage);
  if (!existsSync(join(from, 'bin', nodeFile)))
    throw new Error(
      `${nodePackage} is not installed: package ${name} on its own platform, or install with npm's --os and --cpu.`,
    );
  for (const file of ['package.json', 'LICENSE', join('bin', nodeFile)])
    cpSync(join(from, file), join(to, file));
  chmodSync(join(to, 'bin', nodeFile), 0o755);
  if (platform === 'win32') return;
  // bin/outerloop, the command line, looks for it here.
  mkdirSync(join(program, 'node_modules/.bin'));
  symlinkSync(join('..', nodePackage, 'bin', nodeFile), join(program, 'node_modules/.bin/node'));
}

/** What the program itself reads of it, and Node: the version, and that these are modules. */
function writePackageFile(program: string): void {
  const { name, version, license, type } = JSON.parse(
    readFileSync(join(repository, 'package.json'), 'utf8'),
  ) as Record<string, unknown>;
  writeFileSync(
    join(program, 'package.json'),
    `${JSON.stringify({ name, version, license, type }, null, 2)}\n`,
  );
}

/** SHA-256 of every file, by its path with `/`. */
function digestFiles(program: string): Record<string, string> {
  const digests: Record<string, string> = {};
  for (const entry of readdirSync(program, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    digests[relative(program, file).split(sep).join('/')] = createHash('sha256')
      .update(readFileSync(file))
      .digest('base64');
  }
  return Object.fromEntries(Object.entries(digests).sort(([a], [b]) => (a < b ? -1 : 1)));
}

if (process.argv[1] === import.meta.filename) {
  const name = process.argv[2];
  const target = name === undefined ? findOwnTarget() : packageTargets.find((known) => known.name === name);
  if (target === undefined)
    throw new Error(`Say one of ${packageTargets.map((known) => known.name).join(', ')}.`);
  const { folder, files } = stageProgram(target);
  console.log(`${relative(repository, folder)}: ${files} files`);
}
