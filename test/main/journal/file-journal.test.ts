import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { JournalEntry, JournalEvent } from '../../../common/run/journal-event.ts';
import {
  createJournal,
  FileJournal,
  openJournal,
  type JournalHandle,
} from '../../../main/journal/file-journal.ts';
import { decodeLine, encodeLine } from '../../../main/journal/journal-line.ts';
import { readJournal } from '../../../main/journal/read-journal.ts';

const clock = { now: () => Date.UTC(2020, 0, 2, 3, 4, 5, 678) };
const interruption = (job: string): JournalEvent => ({
  type: 'job_interrupted',
  job,
  reason: 'test',
  seconds: 1,
});
const event = (number: number): JournalEvent => interruption(`W1_${number}_J${number}`);

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outerloop-journal-'));
  file = join(folder, 'journal.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

async function write(count: number): Promise<string> {
  const journal = await createJournal(file, clock);
  for (let number = 1; number <= count; number++) await journal.append([event(number)]);
  await journal.close();
  return readFile(file, 'utf8');
}

describe('a line of the journal', () => {
  const entry = { seq: 3, at: '2020-01-02T03:04:05.678Z', event: event(1) };

  it('is the entry as JSON, with a checksum of what stands before it', () => {
    const line = encodeLine(entry);
    expect(line).toBe(
      '{"seq":3,"at":"2020-01-02T03:04:05.678Z","event":{"type":"job_interrupted","job":"W1_1_J1","reason":"test","seconds":1},"crc":"4c0f7b02"}',
    );
    expect(JSON.parse(line)).toMatchObject(entry);
    expect(decodeLine(line)).toEqual({ entry });
  });

  it('that was changed is noticed, whichever letter it is', () => {
    const line = encodeLine(entry);
    for (let index = 0; index < line.length; index++) {
      const changed = `${line.slice(0, index)}${line[index] === 'x' ? 'y' : 'x'}${line.slice(index + 1)}`;
      expect(decodeLine(changed)).toHaveProperty('problem');
    }
  });

  it('of an event that is not known is refused', () => {
    const unknown = { ...entry, event: { type: 'coffee_break' } } as unknown as typeof entry;
    expect(decodeLine(encodeLine(unknown))).toHaveProperty('problem');
  });
});

describe('a journal', () => {
  it('gives back what was written, with numbers and times', async () => {
    await write(3);
    const { entries, cursor, tornBytes } = await readJournal(file);
    expect(entries.map(({ seq, at, event: { type } }) => [seq, at, type])).toEqual(
      [1, 2, 3].map((seq) => [seq, '2020-01-02T03:04:05.678Z', 'job_interrupted']),
    );
    expect([cursor.seq, tornBytes]).toEqual([3, 0]);
  });

  it('is never overwritten', async () => {
    await write(1);
    await expect(createJournal(file, clock)).rejects.toMatchObject({ faults: [{ code: 'already-exists' }] });
  });

  it('is gone on with after it was closed', async () => {
    await write(2);
    const { journal, entries, cut } = await openJournal(file, clock);
    expect([entries.length, cut]).toEqual([2, undefined]);
    expect((await journal.append([event(3)]))[0]!.seq).toBe(3);
    await journal.close();
    expect((await readJournal(file)).entries).toHaveLength(3);
  });

  it('is read by cursor while it is written', async () => {
    const journal = await createJournal(file, clock);
    await journal.append([event(1), event(2)]);
    const first = await readJournal(file);
    expect(first.entries).toHaveLength(2);
    await journal.append([event(3)]);
    await appendFile(file, '{"seq":4,"at":"20');
    const second = await readJournal(file, first.cursor);
    expect(second.entries.map(({ seq }) => seq)).toEqual([3]);
    expect(second.tornBytes).toBe(17);
    expect((await readJournal(file, second.cursor)).entries).toEqual([]);
    await journal.close();
  });

  it('loses a torn last line, wherever it was torn, and nothing else', async () => {
    const text = await write(3);
    const lastLine = text.trimEnd().lastIndexOf('\n') + 1;
    for (let length = lastLine; length < text.length; length += 7) {
      await writeFile(file, text.slice(0, length));
      const { journal, entries, cut } = await openJournal(file, clock);
      expect(entries).toHaveLength(2);
      expect(cut).toBe(
        length === lastLine
          ? undefined
          : `${length - lastLine} bytes of an event after entry 2 that was never whole`,
      );
      await journal.append([event(9)]);
      await journal.close();
      expect((await readJournal(file)).entries.map(({ seq }) => seq)).toEqual([1, 2, 3]);
    }
  });

  it('loses what a power cut left of the last write: zeros, or a line of garbage', async () => {
    const text = await write(2);
    for (const rest of ['\0'.repeat(200), '\0'.repeat(50) + '","crc":"00000000"}\n']) {
      await writeFile(file, text + rest);
      const { journal, entries, cut } = await openJournal(file, clock);
      expect(entries).toHaveLength(2);
      expect(cut).toMatch(/after entry 2/);
      await journal.close();
      expect(await readFile(file, 'utf8')).toBe(text);
    }
  });

  it('that ends with an event of another version is refused and left as it is', async () => {
    const text = await write(2);
    const unknown = { seq: 3, at: '2026-01-02T03:04:05.000Z', event: { type: 'from_the_future' } };
    const again = { seq: 1, at: '2026-01-02T03:04:05.000Z', event: event(1) };
    for (const [entry, message] of [
      [unknown, /entry 3 .*no event that this version/],
      [again, /entry 3 .*its number is 1/],
    ] as const) {
      const damaged = `${text}${encodeLine(entry as unknown as JournalEntry)}\n`;
      await writeFile(file, damaged);
      await expect(openJournal(file, clock)).rejects.toThrow(message);
      expect(await readFile(file, 'utf8')).toBe(damaged);
    }
  });

  it('that is damaged before its end is refused and left as it is', async () => {
    const text = await write(4);
    const lines = text.trimEnd().split('\n');
    const damages: [string, RegExp][] = [
      [text.replace('W1_2_J2', 'W1_2_J7'), /entry 2 is not what was written \(its checksum/],
      [[lines[0], lines[2], lines[3], ''].join('\n'), /entry 2 .*its number is 3/],
      [['', ...lines.slice(1), ''].join('\n'), /entry 1 .*no checksum/],
      [[lines[0], lines[1], lines[1], lines[2], lines[3], ''].join('\n'), /entry 3 .*its number is 2/],
    ];
    for (const [damaged, message] of damages) {
      await writeFile(file, damaged);
      await expect(openJournal(file, clock)).rejects.toThrow(message);
      await expect(openJournal(file, clock)).rejects.toMatchObject({
        faults: [{ code: 'journal-damaged', file: 'journal.jsonl' }],
      });
      expect(await readFile(file, 'utf8')).toBe(damaged);
    }
  });
});

/** A journal's file in memory that can be slow and full. */
class FakeHandle implements JournalHandle {
  content = '';
  syncs = 0;
  room = Infinity;

  async write(bytes: Uint8Array): Promise<void> {
    await Promise.resolve();
    const text = Buffer.from(bytes).toString();
    this.content += text.slice(0, this.room);
    if (text.length > this.room) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    this.room -= text.length;
  }

  async sync(): Promise<void> {
    await Promise.resolve();
    this.syncs++;
  }

  truncate(length: number): Promise<void> {
    this.content = this.content.slice(0, length);
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe('writing', () => {
  it('flushes events that come together in one go, and keeps their order', async () => {
    const handle = new FakeHandle();
    const journal = new FileJournal(handle, clock);
    const appends = Array.from({ length: 50 }, (_, index) => journal.append([event(index + 1)]));
    const entries = await Promise.all(appends);
    expect(entries.map(([entry]) => entry!.seq)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
    expect(handle.syncs).toBeLessThanOrEqual(2);
    expect(handle.content.trimEnd().split('\n')).toHaveLength(50);
  });

  it('does not wait for notes to be flushed, but writes them in their turn', async () => {
    const handle = new FakeHandle();
    const journal = new FileJournal(handle, clock);
    journal.note(event(1));
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    expect([handle.content.length > 0, handle.syncs]).toEqual([true, 0]);
    await journal.append([event(2)]);
    expect(handle.syncs).toBe(1);
    await journal.close();
    expect(handle.content.split('\n').map((line) => /"seq":(\d)/.exec(line)?.[1])).toEqual([
      '1',
      '2',
      undefined,
    ]);
  });

  it('on a full disk fails with disk-full, leaves whole lines, and accepts nothing more', async () => {
    const handle = new FakeHandle();
    const journal = new FileJournal(handle, clock, undefined, 'automl/a/journal.jsonl');
    await journal.append([event(1)]);
    const whole = handle.content;
    handle.room = 20;
    await expect(journal.append([event(2)])).rejects.toMatchObject({
      faults: [{ code: 'disk-full', file: 'automl/a/journal.jsonl' }],
    });
    expect(handle.content).toBe(whole);
    handle.room = Infinity;
    await expect(journal.append([event(3)])).rejects.toMatchObject({ faults: [{ code: 'disk-full' }] });
    expect(handle.content).toBe(whole);
  });
});
