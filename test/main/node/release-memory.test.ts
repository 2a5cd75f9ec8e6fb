import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { expect, it } from 'vitest';
import { releaseMemory, writeAndRelease } from '../../../main/node/release-memory.ts';

it('takes the memory of bytes, but none that they share', () => {
  const own = new Uint8Array(100_000);
  releaseMemory(own);
  expect(own.length).toBe(0);
  const shared = new Float64Array(10);
  releaseMemory(shared.subarray(2));
  expect(shared.length).toBe(10);
});

it('writes the pieces of a stream one after another, and releases each', async () => {
  const pieces = Array.from({ length: 5 }, (_, at) => new Uint8Array(70_000).fill(at));
  const written: number[] = [];
  let isWriting = false;
  await pipeline(
    Readable.from(pieces),
    writeAndRelease(async (piece) => {
      expect(isWriting).toBe(false);
      isWriting = true;
      await new Promise(setImmediate);
      written.push(piece.length, piece[0]!);
      isWriting = false;
    }),
  );
  expect(written).toEqual(pieces.flatMap((_, at) => [70_000, at]));
  expect(pieces.map(({ length }) => length)).toEqual([0, 0, 0, 0, 0]);
});

it('fails as the writing fails', async () => {
  const source = Readable.from([new Uint8Array(10)]);
  const broken = writeAndRelease(() => Promise.reject(new Error('no room')));
  await expect(pipeline(source, broken)).rejects.toThrow('no room');
});
