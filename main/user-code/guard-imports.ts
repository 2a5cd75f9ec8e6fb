import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ImportGate, type CodeModules } from '../../common/user-code/import-gate.ts';

let gate: ImportGate | undefined;

/**
 * From now on the own code of this MMAR, and of those before, can be imported in this thread as it was listed, and imports
 * nothing but itself and Node: by `import`, `import()` and `require`, also of a module that was changed since.
 */
export function guardImports(code: CodeModules): ImportGate {
  gate ??= installGate();
  gate.add(code);
  return gate;
}

function installGate(): ImportGate {
  const program = pathToFileURL(resolve(import.meta.dirname, '../..') + sep).href;
  const installed = new ImportGate(program);
  registerHooks({
    resolve(specifier, context, nextResolve) {
      const found = nextResolve(specifier, context);
      installed.checkImport(specifier, found.url, context.parentURL);
      return found;
    },
    load(url, context, nextLoad) {
      const found = nextLoad(url, context);
      if (installed.holds(url)) installed.checkContent(url, digestOf(found.source ?? readModule(url)));
      return found;
    },
  });
  return installed;
}

/** A native add-on comes without its content. */
const readModule = (url: string): Uint8Array => readFileSync(fileURLToPath(url));

function digestOf(content: string | NodeJS.TypedArray | ArrayBuffer): string {
  const bytes = content instanceof ArrayBuffer ? new Uint8Array(content) : content;
  return createHash('sha256').update(bytes).digest('hex');
}
