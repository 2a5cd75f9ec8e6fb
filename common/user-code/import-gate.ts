import { FaultError } from '../fault.ts';

/** The modules of an MMAR's own code, as they were when it was looked at. Plain data, so that a thread or a child gets it. */
export interface CodeModules {
  /** One SHA-256 over the names and contents of all files in `custom/`. */
  readonly digest: string;
  /** `file:` URL of the MMAR's folder, links followed, with `/` at its end. */
  readonly mmarUrl: string;
  /** SHA-256 by the `file:` URL of each file in `custom/` that is no link. */
  readonly modules: Readonly<Record<string, string>>;
}

/** A file of `custom/` or another one. */
export interface DigestedFile {
  /** Relative to the MMAR, with `/`. */
  readonly path: string;
  readonly sha256: string;
}

/** What one digest over files is made of, whoever makes it: a line per file, by path. */
export function listForDigest(files: readonly DigestedFile[]): string {
  const sorted = files.toSorted((a, b) => (a.path < b.path ? -1 : 1));
  return sorted.map(({ path, sha256 }) => `${sha256} ${path}\n`).join('');
}

/**
 * Which modules a program that runs the own code of MMARs may import. Of an MMAR only what was in `custom/` when its code
 * was looked at, with the content of then; the own code itself can import that and what Node brings, nothing else.
 */
export class ImportGate {
  readonly #programUrl: string;
  readonly #codes = new Map<string, CodeModules>();

  /** @param programUrl `file:` URL of the program's folder, with `/` at its end */
  constructor(programUrl: string) {
    this.#programUrl = programUrl;
  }

  /** Lets the modules of an MMAR be imported. The first listing of an MMAR counts. */
  add(code: CodeModules): void {
    if (!this.#codes.has(code.mmarUrl)) this.#codes.set(code.mmarUrl, code);
  }

  /**
   * @param specifier as the import writes it, for the message
   * @param parentUrl of the module that imports
   * @throws FaultError `user-code` for what is not to be imported
   */
  checkImport(specifier: string, url: string, parentUrl: string | undefined): void {
    if (url.startsWith('node:') || this.#digestOf(url) !== undefined) return;
    const isOwnImport = parentUrl !== undefined && this.#digestOf(parentUrl) !== undefined;
    if (!isOwnImport && !this.#isOfAnMmar(url)) return;
    throw new FaultError({
      code: 'user-code',
      message: `The code of the MMAR imports "${specifier}", which was not in custom/ when the code was looked at: trust covers files of custom/ alone, and no links out of it.`,
      allowed: 'modules of custom/, and those of Node by names that begin with "node:"',
    });
  }

  /** True for a module of an MMAR's own code that may be imported. */
  holds(url: string): boolean {
    return this.#digestOf(url) !== undefined;
  }

  /** @throws FaultError `user-code` */
  checkContent(url: string, sha256: string): void {
    const expected = this.#digestOf(url);
    if (expected === undefined || expected === sha256) return;
    throw new FaultError({
      code: 'user-code',
      message: `"${nameOf(url)}" has changed since the code of the MMAR was looked at, so it is not the code that was trusted.`,
      allowed: 'a new start, after a new look at the code',
    });
  }

  #digestOf(url: string): string | undefined {
    const file = withoutQuery(url);
    for (const { mmarUrl, modules } of this.#codes.values())
      if (file.startsWith(mmarUrl) && Object.hasOwn(modules, file)) return modules[file];
    return undefined;
  }

  /** A folder that holds the program too is no reason to refuse the program's own modules. */
  #isOfAnMmar(url: string): boolean {
    const isProgram = url.startsWith(this.#programUrl);
    return [...this.#codes.keys()].some(
      (mmarUrl) => url.startsWith(mmarUrl) && !(isProgram && this.#programUrl.startsWith(mmarUrl)),
    );
  }
}

const withoutQuery = (url: string): string => url.replace(/[?#].*$/, '');
const nameOf = (url: string): string => decodeURIComponent(withoutQuery(url).split('/').at(-1)!);
