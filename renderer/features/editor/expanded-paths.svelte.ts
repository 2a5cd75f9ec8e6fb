import { SvelteSet } from 'svelte/reactivity';
import type { JsonPath } from '../../../common/json.ts';

const keyOf = (path: JsonPath): string => JSON.stringify(path);

/** Which places of a config are open in its form. */
export class ExpandedPaths {
  readonly #open = new SvelteSet<string>();

  has(path: JsonPath): boolean {
    return this.#open.has(keyOf(path));
  }

  add(path: JsonPath): void {
    this.#open.add(keyOf(path));
  }

  delete(path: JsonPath): void {
    this.#open.delete(keyOf(path));
  }

  toggle(path: JsonPath): void {
    this.#set(path, !this.has(path));
  }

  /** An item of the list at `path` was moved: which of them are open moves with them. @param count items of the list */
  move(path: JsonPath, count: number, from: number, to: number): void {
    const before = Array.from({ length: count }, (_, index) => this.has([...path, index]));
    const after = before.toSpliced(from, 1).toSpliced(to, 0, before[from]!);
    after.forEach((isOpen, index) => this.#set([...path, index], isOpen));
  }

  #set(path: JsonPath, isOpen: boolean): void {
    if (isOpen) this.add(path);
    else this.delete(path);
  }
}
