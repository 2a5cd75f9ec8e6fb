import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ESLint } from 'eslint';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');

/** Files that break exactly one rule each; the rule must say so. */
const planted: Record<string, Record<string, string>> = {
  'common-is-pure': {
    'common/a.ts': "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n",
  },
  'trainer-stands-alone': {
    'main/b.ts': 'export const b = 1;\n',
    'trainer/a.ts': "import { b } from '../main/b.ts';\nexport const a = b;\n",
  },
  'renderer-stands-alone': {
    'main/b.ts': 'export const b = 1;\n',
    'renderer/a.ts': "import { b } from '../main/b.ts';\nexport const a = b;\n",
  },
  'renderer-without-node': { 'renderer/a.ts': "import { sep } from 'node:path';\nexport const a = sep;\n" },
  'main-never-imports-trainer': {
    'trainer/b.ts': 'export type B = number;\n',
    'main/a.ts': "import type { B } from '../trainer/b.ts';\nexport const a: B = 1;\n",
  },
  'onnxruntime-in-two-files': {
    'trainer/session.ts': "import * as ort from 'onnxruntime-node';\nexport const a = ort;\n",
    'trainer/other.ts': "import * as ort from 'onnxruntime-node';\nexport const a = ort;\n",
  },
  'engine-and-controllers-are-pure': {
    'main/engine/a.ts': "import { readFileSync } from 'node:fs';\nexport const a = readFileSync;\n",
  },
  'ports-are-types': {
    'main/node/b.ts': 'export const b = 1;\n',
    'main/ports/a.ts': "import { b } from '../node/b.ts';\nexport const a = b;\n",
  },
  'electron-in-one-folder': {
    'main/electron/b.ts': 'export const b = 1;\n',
    'main/cli/a.ts': "import { b } from '../electron/b.ts';\nexport const a = b;\n",
  },
  'hosts-stand-on-top': {
    'main/serve/b.ts': 'export const b = 1;\n',
    'main/services/a.ts': "import { b } from '../serve/b.ts';\nexport const a = b;\n",
  },
  'services-speak-for-the-window-only': {
    'main/services/b.ts': 'export const b = 1;\n',
    'main/library/a.ts': "import { b } from '../services/b.ts';\nexport const a = b;\n",
  },
  'nothing-imports-tests': {
    'test/b.ts': 'export const b = 1;\n',
    'common/a.ts': "import { b } from '../test/b.ts';\nexport const a = b;\n",
  },
  'templates-hold-no-code': {
    'mmar-templates/a.ts': "import { sep } from 'node:path';\nexport const a = sep;\n",
  },
  'no-cycles': {
    'common/a.ts': "import { b } from './b.ts';\nexport const a = (): number => b();\n",
    'common/b.ts': "import { a } from './a.ts';\nexport const b = (): number => a();\n",
  },
  'no-unlisted-packages': {
    'main/a.ts': "import picomatch from 'picomatch';\nexport const a = picomatch;\n",
  },
  'no-development-packages-in-the-product': {
    'main/a.ts': "import { build } from 'prettier';\nexport const a = build;\n",
  },
  resolvable: { 'main/a.ts': "import { gone } from './gone.ts';\nexport const a = gone;\n" },
  'every-file-is-covered': {
    'elsewhere/a.ts': "import { sep } from 'node:path';\nexport const a = sep;\n",
  },
};

const importing = (module: string): string => `import * as all from '${module}';\nexport const a = all;\n`;

const svelteImporting = (module: string): string =>
  `<script lang="ts">\n  import * as all from '${module}';\n  const names = Object.keys(all);\n</script>\n{names}\n`;

interface Violation {
  readonly rule: { readonly name: string };
  readonly from: string;
}

let workFolder: string;

/** What dependency-cruiser finds in a project made of the real configuration and the given files. */
function findViolations(name: string, files: Record<string, string>): Violation[] {
  const project = join(workFolder, name);
  mkdirSync(project, { recursive: true });
  for (const file of ['.dependency-cruiser.cjs', 'tsconfig.base.json', 'package.json']) {
    cpSync(join(root, file), join(project, file));
  }
  symlinkSync(join(root, 'node_modules'), join(project, 'node_modules'));
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(project, file)), { recursive: true });
    writeFileSync(join(project, file), text);
  }
  const folders = [...new Set(Object.keys(files).map((file) => file.split('/')[0]!))];
  const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');
  const args = [cruiser, '--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...folders];
  const json = execFileSync(process.execPath, args, { cwd: project, encoding: 'utf8', maxBuffer: 1 << 26 });
  return (JSON.parse(json) as { summary: { violations: Violation[] } }).summary.violations;
}

beforeAll(() => {
  workFolder = mkdtempSync(join(tmpdir(), 'outerloop-rules-'));
});

afterAll(() => rmSync(workFolder, { recursive: true, force: true }));

describe('import rules', () => {
  for (const [rule, files] of Object.entries(planted)) {
    it(`${rule} finds its planted violation`, () => {
      const broken = findViolations(rule, files).map((violation) => violation.rule.name);
      expect(broken).toContain(rule);
    });
  }

  it.each<readonly [string, string, Record<string, string>]>([
    [
      'renderer-without-node',
      'a component',
      { 'renderer/A.svelte': svelteImporting('node:fs'), 'renderer/b.ts': 'export const b = 1;\n' },
    ],
    ['renderer-without-node', 'a class with runes', { 'renderer/a.svelte.ts': importing('node:fs') }],
    [
      'renderer-stands-alone',
      'a component',
      {
        'main/b.ts': 'export const b = 1;\n',
        'renderer/A.svelte': svelteImporting('../main/b.ts'),
      },
    ],
    [
      'electron-in-one-folder',
      'the program behind the window',
      { 'main/backend/a.ts': importing('electron') },
    ],
    ['electron-in-one-folder', 'a service', { 'main/services/a.ts': importing('electron') }],
    ['electron-in-one-folder', 'the window', { 'renderer/a.ts': importing('electron') }],
    ['electron-in-one-folder', 'settings elsewhere', { 'main/node/a.ts': importing('electron-store') }],
    ['onnxruntime-in-two-files', 'main', { 'main/imaging/a.ts': importing('onnxruntime-node') }],
    ['common-is-pure', 'a package', { 'common/api/a.ts': importing('ws') }],
    [
      'common-is-pure',
      'the window',
      { 'renderer/b.ts': 'export const b = 1;\n', 'common/a.ts': importing('../renderer/b.ts') },
    ],
    ['ports-are-types', 'a package', { 'main/ports/a.ts': importing('ws') }],
    [
      'main-never-imports-trainer',
      'the window',
      { 'renderer/b.ts': 'export const b = 1;\n', 'main/app.ts': importing('../renderer/b.ts') },
    ],
  ])('%s finds %s', (rule, _, files) => {
    const name = `${rule}-${Object.keys(files).at(-1)!.replaceAll('/', '-')}`;
    expect(findViolations(name, files).map((violation) => violation.rule.name)).toContain(rule);
  });

  it.each(['../main/b.ts', '../../main/ports/desktop.ts', '../trainer/main.ts', 'node:fs', 'electron'])(
    'eslint finds a type that a component imports from %s',
    async (module) => {
      const eslint = new ESLint({ cwd: root });
      const lint = async (text: string): Promise<unknown[]> => {
        const [result] = await eslint.lintText(text, {
          filePath: join(root, 'renderer/features/Planted.svelte'),
        });
        return result!.messages.map(({ ruleId }) => ruleId);
      };
      const component = (from: string): string =>
        `<script lang="ts">\n  import type { B } from '${from}';\n  const b: B | undefined = undefined;\n</script>\n\n{b}\n`;
      expect(await lint(component(module))).toEqual(['no-restricted-imports']);
      expect(await lint(component('../../common/fault.ts'))).toEqual([]);
    },
  );

  it('lets a component show itself', () => {
    const violations = findViolations('recursion', {
      'renderer/A.svelte': '<script lang="ts">\n  import A from "./A.svelte";\n</script>\n<A />\n',
      'renderer/b.ts': 'export const b = 1;\n',
    });
    expect(violations).toEqual([]);
  });

  it('lets allowed imports pass', () => {
    const violations = findViolations('clean', {
      'common/a.ts': "import { z } from 'zod';\nexport const a = z.string();\n",
      'main/ports/p.ts': "import type { a } from '../../common/a.ts';\nexport type P = typeof a;\n",
      'main/node/n.ts':
        "import { sep } from 'node:path';\nimport type { P } from '../ports/p.ts';\nexport const n = (_: P): string => sep;\n",
      'trainer/session.ts':
        "import * as ort from 'onnxruntime-node';\nimport { a } from '../common/a.ts';\nexport const s = [ort, a];\n",
    });
    expect(violations).toEqual([]);
  });

  it('plants a violation for every rule', async () => {
    const config = (await import(join(root, '.dependency-cruiser.cjs'))) as {
      default: { forbidden: { name: string }[] };
    };
    expect(config.default.forbidden.map((rule) => rule.name).sort()).toEqual(Object.keys(planted).sort());
  });
});
