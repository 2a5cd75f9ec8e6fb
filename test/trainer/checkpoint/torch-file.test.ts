import { describe, expect, it } from 'vitest';
import { writePickle } from '../../../trainer/checkpoint/pickle-writer.ts';
import {
  readTorchFile,
  torchValueToJson,
  TorchFileError,
  writeTorchFile,
} from '../../../trainer/checkpoint/torch-file.ts';
import {
  float32Tensor,
  int64Scalar,
  type TorchTensor,
  type TorchValue,
} from '../../../trainer/checkpoint/torch-value.ts';
import { readZip } from '../../../trainer/checkpoint/zip-reader.ts';
import { writeStoredZip } from '../../../trainer/checkpoint/zip-writer.ts';

const BYTES: TorchTensor = { kind: 'tensor', dtype: 'uint8', shape: [3], data: Uint8Array.of(0, 255, 7) };

const weights = float32Tensor([2, 3], Float32Array.of(1, -2, 3.5, 0, 1e-30, Infinity));

const checkpoint: TorchValue = {
  model: new Map<string, TorchValue>([
    ['model.0.conv.weight', weights],
    ['model.0.norm.num_batches_tracked', int64Scalar(42)],
  ]),
  train_conf: { epochs: 3, lr: 0.0002, flags: [true, false, null], text: 'größe' },
  state: BYTES,
};

describe('torch file', () => {
  it('reads back what it wrote', () => {
    const read = readTorchFile(writeTorchFile(checkpoint)) as Map<string, TorchValue>;
    expect([...read.keys()]).toEqual(['model', 'train_conf', 'state']);
    const model = read.get('model') as Map<string, TorchValue>;
    expect(model.get('model.0.conv.weight')).toEqual(weights);
    expect(model.get('model.0.norm.num_batches_tracked')).toEqual(int64Scalar(42));
    expect(torchValueToJson(read.get('train_conf')!)).toEqual({
      epochs: 3,
      lr: 0.0002,
      flags: [true, false, null],
      text: 'größe',
    });
    expect(read.get('state')).toEqual(BYTES);
  });

  it('makes the same bytes of the same value', () => {
    expect(Buffer.from(writeTorchFile(checkpoint)).equals(writeTorchFile(checkpoint))).toBe(true);
  });

  it('keeps whole numbers of any size apart from fractions', () => {
    const numbers = [0, -1, 127, 128, -129, 2 ** 31, -(2 ** 31) - 1, 2 ** 53 - 1, 0.5, -0, 1e300];
    const read = readTorchFile(writeTorchFile(numbers)) as number[];
    expect(read).toEqual(numbers);
    expect(Object.is(read[9], -0)).toBe(true);
    expect(readTorchFile(writeTorchFile([2n ** 80n, -(2n ** 80n)]))).toEqual([2n ** 80n, -(2n ** 80n)]);
  });

  it('starts the data of each member at a multiple of 64 bytes', () => {
    const bytes = Buffer.from(writeTorchFile(checkpoint));
    const start = bytes.indexOf(Buffer.from(weights.data.buffer));
    expect(start).toBeGreaterThan(0);
    expect(start % 64).toBe(0);
  });
});

describe('damaged or foreign files', () => {
  const bytes = writeTorchFile(checkpoint);

  it.each([0, 10, bytes.length - 1, Math.floor(bytes.length / 2)])('refuses one cut at byte %d', (length) => {
    expect(() => readTorchFile(bytes.subarray(0, length))).toThrow(TorchFileError);
  });

  it('refuses one whose numbers were changed', () => {
    const changed = Uint8Array.from(bytes);
    changed[Buffer.from(bytes).indexOf(Buffer.from(weights.data.buffer)) + 3] ^= 1;
    expect(() => readTorchFile(changed)).toThrow(/data\/0 is damaged/);
  });

  it('refuses an archive that is no checkpoint', () => {
    const archive = writeStoredZip([{ name: 'a/readme.txt', data: Buffer.from('hello') }]);
    expect(() => readTorchFile(archive)).toThrow(/holds no data.pkl/);
  });

  it('never calls a name that is not on the list', () => {
    const pickle = Buffer.from('\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R.', 'latin1');
    const archive = writeStoredZip([{ name: 'a/data.pkl', data: pickle }]);
    expect(() => readTorchFile(archive)).toThrow(/holds an object of os\.system/);
  });

  it('refuses storages whose numbers are missing', () => {
    const pickle = writePickle(weights, () => '7');
    const archive = writeStoredZip([{ name: 'a/data.pkl', data: pickle }]);
    expect(() => readTorchFile(archive)).toThrow(/storage 7 are missing/);
  });

  it('refuses a tensor that reaches beyond its storage', () => {
    const archive = writeStoredZip([
      { name: 'a/data.pkl', data: writePickle(weights, () => '0') },
      { name: 'a/data/0', data: new Uint8Array(8) },
    ]);
    expect(() => readTorchFile(archive)).toThrow(/beyond its storage/);
  });
});

describe('zip', () => {
  it('lists its members', () => {
    const archive = writeStoredZip([
      { name: 'a', data: Buffer.from('one') },
      { name: 'ü', data: Buffer.alloc(0) },
    ]);
    expect([...readZip(archive)].map(([name, data]) => [name, Buffer.from(data).toString()])).toEqual([
      ['a', 'one'],
      ['ü', ''],
    ]);
  });
});
