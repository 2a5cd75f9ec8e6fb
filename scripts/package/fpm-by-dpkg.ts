#!/usr/bin/env node
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';

/*
 * Makes a deb of what electron-builder hands to fpm, by Debian's own dpkg-deb: electron-builder would download fpm from the
 * web. It understands what electron-builder says for a deb, and refuses the rest.
 *
 *   CUSTOM_FPM_PATH=$PWD/scripts/package/fpm-by-dpkg.ts npx electron-builder --linux deb
 */
const FLAGS = new Set(['--force', '--debug']);
const LISTS = new Set(['-d', '--deb-recommends']);
const VALUES = new Set([
  ...[
    '-s',
    '-t',
    '--log',
    '--architecture',
    '--after-install',
    '--after-remove',
    '--description',
    '--version',
  ],
  ...['--package', '--name', '--maintainer', '--vendor', '--url', '--category', '--license', '--iteration'],
  ...['--deb-compression', '--deb-priority'],
]);

/** A command line of fpm. */
export interface FpmCall {
  readonly values: ReadonlyMap<string, string>;
  readonly depends: readonly string[];
  readonly recommends: readonly string[];
  /** What is put where: absolute paths here, and on the machine that installs. A folder ends in `/` and means its contents. */
  readonly files: readonly { readonly from: string; readonly to: string }[];
}

/** @throws Error for what electron-builder does not say for a deb */
export function readFpmCall(args: readonly string[]): FpmCall {
  const values = new Map<string, string>();
  const lists = new Map<string, string[]>([...LISTS].map((name) => [name, []]));
  const files: { from: string; to: string }[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index]!;
    if (FLAGS.has(word)) continue;
    const mark = word.indexOf('=');
    if (LISTS.has(word)) lists.get(word)!.push(args[++index]!);
    else if (VALUES.has(word)) values.set(word, args[++index]!);
    else if (word.startsWith('/') && mark > 0)
      files.push({ from: word.slice(0, mark), to: word.slice(mark + 1) });
    else throw new Error(`fpm-by-dpkg does not know ${word}.`);
  }
  if (values.get('-s') !== 'dir' || values.get('-t') !== 'deb')
    throw new Error('fpm-by-dpkg makes a deb of folders.');
  return { values, depends: lists.get('-d')!, recommends: lists.get('--deb-recommends')!, files };
}

/** The package's control file. @param installedKibibytes what it takes on the disk */
export function writeControl({ values, depends, recommends }: FpmCall, installedKibibytes: number): string {
  const [summary = '', ...rest] = (values.get('--description') ?? '').split('\n').map((line) => line.trim());
  const iteration = values.get('--iteration');
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['Package', values.get('--name')],
    ['Version', [values.get('--version'), ...(iteration === undefined ? [] : [iteration])].join('-')],
    ['License', values.get('--license')],
    ['Vendor', values.get('--vendor')],
    ['Architecture', values.get('--architecture')],
    ['Maintainer', values.get('--maintainer')],
    ['Installed-Size', String(installedKibibytes)],
    ['Depends', depends.join(', ') || undefined],
    ['Recommends', recommends.join(', ') || undefined],
    ['Section', values.get('--category') ?? 'default'],
    ['Priority', values.get('--deb-priority') ?? 'optional'],
    ['Homepage', values.get('--url')],
    ['Description', [summary, ...rest.filter(Boolean).map((line) => ` ${line}`)].join('\n')],
  ];
  return fields.flatMap(([name, value]) => (value === undefined ? [] : [`${name}: ${value}\n`])).join('');
}

/** Makes the deb; returns its absolute path. */
export function makeDeb(call: FpmCall): string {
  const file = call.values.get('--package')!;
  const root = mkdtempSync(join(tmpdir(), 'outerloop-deb-'));
  try {
    for (const { from, to } of call.files) {
      mkdirSync(dirname(join(root, to)), { recursive: true });
      cpSync(from, join(root, to), { recursive: true, verbatimSymlinks: true });
    }
    const installed = listFiles(root);
    const bytes = installed.reduce((sum, name) => sum + lstatSync(join(root, name)).size, 0);
    const control = join(root, 'DEBIAN');
    mkdirSync(control);
    writeFileSync(join(control, 'control'), writeControl(call, Math.ceil(bytes / 1024)));
    writeFileSync(
      join(control, 'md5sums'),
      installed.map((name) => `${digest(join(root, name))}  ${name}\n`).join(''),
    );
    for (const [option, script] of [
      ['--after-install', 'postinst'],
      ['--after-remove', 'postrm'],
    ] as const) {
      const source = call.values.get(option);
      if (source === undefined) continue;
      cpSync(source, join(control, script));
      chmodSync(join(control, script), 0o755);
    }
    chmodSync(root, 0o755);
    const compression = `-Z${(call.values.get('--deb-compression') ?? 'xz').replace(/^gz$/, 'gzip')}`;
    execFileSync('dpkg-deb', ['--root-owner-group', compression, '--build', root, file], {
      stdio: 'inherit',
    });
    return file;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Plain files, without links, by their paths in the package. */
function listFiles(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}

const digest = (file: string): string => createHash('md5').update(readFileSync(file)).digest('hex');

if (import.meta.main) makeDeb(readFpmCall(process.argv.slice(2)));
