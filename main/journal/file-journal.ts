import { open, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { FaultError } from '../../common/fault.ts';
import type { JournalEntry, JournalEvent } from '../../common/run/journal-event.ts';
import { findFileFault } from '../../common/file-fault.ts';
import { withFileFaults } from '../node/file-fault.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journal } from '../ports/journal.ts';
import { encodeLine } from './journal-line.ts';
import { readJournal } from './read-journal.ts';

/** The few things that are done with an open journal: replaceable, so that a full disk can be tried out. */
export interface JournalHandle {
  write(bytes: Uint8Array): Promise<void>;
  /** Settles when what was written survives a power cut. */
  sync(): Promise<void>;
  truncate(length: number): Promise<void>;
  close(): Promise<void>;
}

interface Batch {
  readonly lines: string[];
  readonly durable: boolean;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A journal in a file, one JSON object per line. Events that come while the disk is busy are flushed together with the
 * next one. After a failed write nothing more is accepted, and the file ends after its last whole line.
 */
export class FileJournal implements Journal {
  readonly #handle: JournalHandle;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #label: string;
  #seq: number;
  #length: number;
  #batches: Batch[] = [];
  #pumping: Promise<void> | undefined;
  #failure: unknown;

  constructor(
    handle: JournalHandle,
    clock: Pick<Clock, 'now'>,
    end = { seq: 0, offset: 0 },
    label = 'journal.jsonl',
  ) {
    this.#handle = handle;
    this.#clock = clock;
    this.#seq = end.seq;
    this.#length = end.offset;
    this.#label = label;
  }

  async append(events: readonly JournalEvent[]): Promise<readonly JournalEntry[]> {
    const entries = events.map((event) => this.#number(event));
    await this.#enqueue(entries, true);
    return entries;
  }

  note(event: JournalEvent): JournalEntry {
    const entry = this.#number(event);
    // A failure shows in the next append, which somebody waits for.
    this.#enqueue([entry], false).catch(() => undefined);
    return entry;
  }

  async close(): Promise<void> {
    await this.#pumping;
    if (this.#failure === undefined) await this.#handle.sync();
    await this.#handle.close();
  }

  #number(event: JournalEvent): JournalEntry {
    return { seq: ++this.#seq, at: new Date(this.#clock.now()).toISOString(), event };
  }

  #enqueue(entries: readonly JournalEntry[], durable: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#batches.push({ lines: entries.map(encodeLine), durable, resolve, reject });
      this.#pumping ??= this.#pump().finally(() => {
        this.#pumping = undefined;
      });
    });
  }

  async #pump(): Promise<void> {
    while (this.#batches.length > 0) {
      const batches = this.#batches;
      this.#batches = [];
      try {
        await this.#write(batches);
        for (const { resolve } of batches) resolve();
      } catch (error) {
        for (const { reject } of batches) reject(error);
      }
    }
  }

  async #write(batches: readonly Batch[]): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    const bytes = Buffer.from(batches.flatMap(({ lines }) => lines.map((line) => `${line}\n`)).join(''));
    try {
      await this.#handle.write(bytes);
      if (batches.some(({ durable }) => durable)) await this.#handle.sync();
      this.#length += bytes.length;
    } catch (error) {
      const fault = findFileFault(error, this.#label);
      this.#failure = fault === undefined ? error : new FaultError(fault);
      // Best effort: what cannot be cut off now is recognised as torn by the next reader.
      await this.#handle.truncate(this.#length).catch(() => undefined);
      throw this.#failure;
    }
  }
}

export interface OpenedJournal {
  readonly journal: FileJournal;
  readonly entries: readonly JournalEntry[];
  /** What a crash had left half-written at the end, and was cut; undefined as a rule. */
  readonly cut?: string;
}

/** A new journal. @throws FaultError `already-exists` when there is one. */
export async function createJournal(
  file: string,
  clock: Pick<Clock, 'now'>,
  label = 'journal.jsonl',
): Promise<FileJournal> {
  return withFileFaults(label, async () => {
    const handle = await open(file, 'ax');
    await syncFolder(dirname(file));
    return new FileJournal(fileJournalHandle(handle), clock, { seq: 0, offset: 0 }, label);
  });
}

/** An existing journal, to be gone on with: a line that a crash has torn is cut off its end. */
export async function openJournal(
  file: string,
  clock: Pick<Clock, 'now'>,
  label = 'journal.jsonl',
): Promise<OpenedJournal> {
  return withFileFaults(label, async () => {
    const { entries, cursor, tornBytes } = await readJournal(file, undefined, label);
    const handle = await open(file, 'a');
    if (tornBytes > 0) {
      await handle.truncate(cursor.offset);
      await handle.sync();
    }
    const journal = new FileJournal(fileJournalHandle(handle), clock, cursor, label);
    if (tornBytes === 0) return { journal, entries };
    return {
      journal,
      entries,
      cut: `${tornBytes} bytes of an event after entry ${cursor.seq} that was never whole`,
    };
  });
}

function fileJournalHandle(handle: FileHandle): JournalHandle {
  return {
    write: (bytes) => handle.writeFile(bytes),
    sync: () => handle.datasync(),
    truncate: (length) => handle.truncate(length),
    close: () => handle.close(),
  };
}

/** Makes a new file's name durable. Windows has no such call and needs none. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
