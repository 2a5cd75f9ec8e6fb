import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

/** Imports `custom/own.ts` of an MMAR and awaits the static method `run(root)` of its class `Own`. */
export type RunOwnCode = (mmarRoot: string) => Promise<void>;

const GATE = /imports "[^"]+", which was not in custom\/ when the code was looked at/;
const own = (imports: string, run: string): string =>
  `${imports}\nexport class Own { static async run(root: string): Promise<void> { ${run} } }`;

/** What every program that runs the own code of an MMAR has to hold to: modules are those that were looked at. */
export function importGateContract(name: string, runOwnCode: RunOwnCode): void {
  const made: string[] = [];
  afterEach(() => made.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

  const make = (files: Readonly<Record<string, string>>): string => {
    const folder = mkdtempSync(join(tmpdir(), 'import-gate-'));
    made.push(folder);
    const root = join(folder, 'a mmar ü');
    for (const [file, text] of Object.entries({ 'outside.ts': 'globalThis.ranOutside = 1;', ...files })) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    return root;
  };

  describe(`own code in ${name}`, () => {
    it('imports whatever is in custom/, and Node', async () => {
      const root = make({
        'custom/own.ts': own(
          `import { sep } from 'node:path';\nimport { one } from './parts/one.js';\nimport two from './two.cjs';\nimport data from './data.json' with { type: 'json' };\nimport pack from 'pack';`,
          `const { three } = await import('./three.ts'); const sum: number = one + two + three + data.four + pack; if (sum !== 15 || sep === '') throw new Error(String(sum));`,
        ),
        'custom/parts/one.js': 'export const one = 1;',
        'custom/two.cjs': 'module.exports = require("./deep/two.cjs");',
        'custom/deep/two.cjs': 'module.exports = 2;',
        'custom/three.ts': 'export const three: number = 3;',
        'custom/data.json': '{"four": 4}',
        'custom/node_modules/pack/package.json': '{"main": "five.js"}',
        'custom/node_modules/pack/five.js': 'module.exports = 5;',
      });
      await runOwnCode(root);
    });

    it.each([
      ['a file beside custom/', `import '../outside.ts';`, ''],
      ['a file beside custom/, later', '', `await import('../outside.ts');`],
      [
        'a file beside custom/, by require',
        '',
        `(await import('node:module')).createRequire(import.meta.url)('../outside.ts');`,
      ],
      [
        'a file beside custom/, as if another had asked',
        '',
        `(await import('node:module')).createRequire(root + '/x.js')('./outside.ts');`,
      ],
      [
        'a file beside custom/, in text that becomes code',
        '',
        `await (0, eval)('import(' + JSON.stringify('file://' + encodeURI(root) + '/outside.ts') + ')');`,
      ],
      ['code in an address', '', `await import('data:text/javascript,globalThis.ranOutside = 1');`],
      ['a file through a link to a folder', `import './linked/outside.ts';`, ''],
      ['a file through a link', `import './link.ts';`, ''],
      [
        'what it has just written',
        '',
        `const fs = await import('node:fs'); fs.writeFileSync(root + '/custom/new.ts', 'globalThis.ranOutside = 1'); await import('./new.ts');`,
      ],
    ])('does not import %s', async (_what, imports, run) => {
      delete (globalThis as { ranOutside?: number }).ranOutside;
      const root = make({ 'custom/own.ts': own(imports, run) });
      symlinkSync(root, join(root, 'custom/linked'));
      symlinkSync(join(root, 'outside.ts'), join(root, 'custom/link.ts'));
      const error = await runOwnCode(root).then(
        () => new Error('it ran'),
        (caught: unknown) => caught as Error,
      );
      expect(error.message).toMatch(GATE);
      expect('ranOutside' in globalThis).toBe(false);
    });

    it('does not import a module that has changed since it was looked at', async () => {
      const root = make({
        'custom/own.ts': own(
          '',
          `const fs = await import('node:fs'); fs.writeFileSync(root + '/custom/later.ts', 'export const other = 1;'); await import('./later.ts');`,
        ),
        'custom/later.ts': 'export const later = 1;',
      });
      await expect(runOwnCode(root)).rejects.toThrow(/"later.ts" has changed since/);
    });
  });
}
