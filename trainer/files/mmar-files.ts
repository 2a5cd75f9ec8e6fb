import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import { asFileFault } from '../../common/file-fault.ts';
import { FaultError } from '../../common/fault.ts';
import { checkWritePlace } from './write-places.ts';

/** The files of one MMAR: paths are taken relative to its root, and faults name them that way. */
export class MmarFiles {
  readonly root: string;

  constructor(root: string) {
    this.root = resolve(root);
  }

  /** The absolute path of `path`, which may be relative to the root or absolute. */
  resolve(path: string): string {
    return resolve(this.root, path);
  }

  /**
   * What a message or a file that is handed on may call it: the path within the MMAR, and for a file elsewhere no more
   * than its name, since folders of a machine may name people.
   */
  describe(path: string): string {
    const within = relative(this.root, this.resolve(path));
    const outside = within === '..' || within.startsWith(`..${sep}`) || isAbsolute(within);
    return outside ? path.split(/[\\/]/).at(-1)! : within.split(sep).join('/');
  }

  exists(path: string): boolean {
    return existsSync(this.resolve(path));
  }

  /** @throws FaultError when it is missing or unreadable */
  read(path: string): Uint8Array {
    return this.#attempt(path, () => readFileSync(this.resolve(path)));
  }

  /** @throws FaultError when it is missing or unreadable */
  readText(path: string): string {
    return this.#attempt(path, () => readFileSync(this.resolve(path), 'utf8'));
  }

  /** @throws FaultError when it cannot be made, or must not */
  makeFolder(path: string): void {
    checkWritePlace(this.resolve(path));
    try {
      mkdirSync(this.resolve(path), { recursive: true });
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') throw asFileFault(error, this.describe(path));
      const message = 'A file stands where a folder is needed.';
      throw new FaultError({ code: 'file-unwritable', file: this.describe(path), message });
    }
  }

  /**
   * Replaces a file as one act that survives a crash: whoever reads it finds the old or the new content, whole.
   *
   * @throws FaultError when the disk is full or may not be written
   */
  replace(path: string, content: Uint8Array | string): void {
    checkWritePlace(this.resolve(path));
    this.makeFolder(dirname(path));
    this.#attempt(path, () => {
      const target = this.resolve(path);
      const draft = `${target}.draft`;
      const file = openSync(draft, 'w');
      try {
        writeAll(file, typeof content === 'string' ? Buffer.from(content, 'utf8') : content);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      renameSync(draft, target);
    });
  }

  /** Removes a file; nothing happens when it is not there. */
  remove(path: string): void {
    checkWritePlace(this.resolve(path));
    this.#attempt(path, () => rmSync(this.resolve(path), { force: true }));
  }

  #attempt<T>(path: string, operation: () => T): T {
    try {
      return operation();
    } catch (error) {
      throw asFileFault(error, this.describe(path));
    }
  }
}

/** One write may take less than it is given, above all when a disk fills up. */
function writeAll(file: number, content: Uint8Array): void {
  for (let at = 0; at < content.length;) at += writeSync(file, content, at);
}
