import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FaultError, type FaultCode } from '../../../common/fault.ts';
import { KnownMmars } from '../../../main/library/known-mmars.ts';
import { newMmar } from '../../../main/mmar/new-mmar.ts';
import type { Clock } from '../../../main/ports/clock.ts';

/** A clock that stands still until it is moved. */
export class StandingClock implements Clock {
  #now = Date.parse('2026-03-01T12:00:00Z');
  #waiting: { readonly at: number; readonly action: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  after(delayMs: number, action: () => void): () => void {
    const entry = { at: this.#now + delayMs, action };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  }

  /** Moves on, and does what is due by then. */
  move(byMs: number): void {
    this.#now += byMs;
    const due = this.#waiting.filter(({ at }) => at <= this.#now);
    this.#waiting = this.#waiting.filter(({ at }) => at > this.#now);
    for (const { action } of due) action();
  }
}

/** A folder of a test with a library in it. */
export interface TestShelf {
  readonly root: string;
  readonly dataFolder: string;
  readonly clock: StandingClock;
  readonly known: KnownMmars;
  /** Makes an MMAR; returns its absolute folder. */
  makeMmar(name: string): Promise<string>;
  /** An empty folder; returns its absolute path. */
  makeFolder(name: string): string;
  remove(): void;
}

export function openShelf(): TestShelf {
  const root = mkdtempSync(join(tmpdir(), 'outerloop-library-'));
  const dataFolder = join(root, 'data');
  const clock = new StandingClock();
  return {
    root,
    dataFolder,
    clock,
    known: new KnownMmars(dataFolder, clock),
    makeMmar: async (name) => {
      const folder = join(root, 'mmars', name);
      await newMmar({ template: 'segmentation-unet-3d', folder });
      return folder;
    },
    makeFolder: (name) => {
      const folder = join(root, name);
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'note.txt'), 'nothing');
      return folder;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The codes of the faults that the work fails with. */
export async function codesOf(work: Promise<unknown>): Promise<readonly FaultCode[]> {
  const error = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof FaultError)) throw new Error(`expected faults, got ${String(error)}`);
  return error.faults.map(({ code }) => code);
}
