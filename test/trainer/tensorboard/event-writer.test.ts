import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crc32c, maskedCrc32c } from '../../../common/tensorboard/crc32c.ts';
import { encodeEvent } from '../../../trainer/tensorboard/event.ts';
import { EventWriter } from '../../../trainer/tensorboard/event-writer.ts';
import { frameRecord } from '../../../trainer/tensorboard/record.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('crc32c', () => {
  it('has the values of RFC 3720, B.4', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
    expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
  });

  it('is masked as TFRecord wants it', () => {
    // rotate 0xe3069283 right by 15 bits, add 0xa282ead8
    expect(maskedCrc32c(Buffer.from('123456789'))).toBe((0x2507c60d + 0xa282ead8) >>> 0);
  });
});

describe('frameRecord', () => {
  it('puts length and data between their checksums', () => {
    const record = Buffer.from(frameRecord(Buffer.from('abc')));
    expect(record.length).toBe(19);
    expect(record.readBigUInt64LE(0)).toBe(3n);
    expect(record.readUInt32LE(8)).toBe(maskedCrc32c(record.subarray(0, 8)));
    expect(record.subarray(12, 15).toString()).toBe('abc');
    expect(record.readUInt32LE(15)).toBe(maskedCrc32c(Buffer.from('abc')));
  });
});

describe('encodeEvent', () => {
  it('encodes a scalar', () => {
    const event = encodeEvent({
      wallTimeSeconds: 1.5,
      step: 300,
      content: { kind: 'scalar', tag: 'loss', value: 0.25 },
    });
    // 1: double 1.5, 2: varint 300, 5: { 1: { 1: "loss", 2: float 0.25 } }
    expect(hex(event)).toBe(
      '09000000000000f83f' + '10ac02' + '2a0d' + '0a0b' + '0a046c6f7373' + '150000803e',
    );
  });

  it('encodes a text as a string tensor of the text plugin', () => {
    const event = encodeEvent({
      wallTimeSeconds: 0,
      step: 0,
      content: { kind: 'text', tag: 'c', text: 'hi' },
    });
    const tag = '0a0e' + hex(Buffer.from('c/text_summary'));
    const metadata = '4a08' + '0a06' + '0a04' + hex(Buffer.from('text'));
    const tensor = '420c' + '0807' + '1204' + '1202' + '0801' + '4202' + hex(Buffer.from('hi'));
    expect(hex(event)).toContain(tag + metadata + tensor);
  });
});

describe('EventWriter', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'events-'))));
  afterEach(() => rmSync(folder, { recursive: true }));
  const open = () =>
    new EventWriter({ folder: join(folder, 'models'), describedAs: 'models', now: () => 1_700_000_000_500 });

  it('writes each event at once and a file per writer', () => {
    const first = open();
    first.scalar('loss', 1, 1);
    const second = open();
    const files = readdirSync(join(folder, 'models')).sort();
    expect(files).toEqual([
      'events.out.tfevents.1700000000.outerloop.0',
      'events.out.tfevents.1700000000.outerloop.1',
    ]);
    const expected = [
      encodeEvent({ wallTimeSeconds: 1_700_000_000.5, step: 0, content: { kind: 'version' } }),
      encodeEvent({
        wallTimeSeconds: 1_700_000_000.5,
        step: 1,
        content: { kind: 'scalar', tag: 'loss', value: 1 },
      }),
    ].map(frameRecord);
    expect(readFileSync(join(folder, 'models', files[0])).equals(Buffer.concat(expected))).toBe(true);
    first.close();
    second.close();
  });

  it('says which folder cannot be written', () => {
    writeFileSync(join(folder, 'models'), 'a file');
    expect(open).toThrow(/^models: /);
  });
});
