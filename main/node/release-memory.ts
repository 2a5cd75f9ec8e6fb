import { Writable } from 'node:stream';

/**
 * Gives the memory of bytes back now. It lies outside of the heap, where tens of megabytes wait unseen until the heap is
 * collected. For bytes that nobody uses any more: they are empty afterwards. Those that share their memory keep it.
 */
export function releaseMemory(bytes: ArrayBufferView): void {
  const { buffer } = bytes;
  if (buffer instanceof ArrayBuffer && buffer.byteLength === bytes.byteLength) buffer.transfer(0);
}

/** A stream into `write`, piece after piece: the memory of each is given back when it is written. */
export function writeAndRelease(write: (piece: Uint8Array) => Promise<void>): Writable {
  return new Writable({
    // one piece at a time: those that wait would be joined, and joined in memory of their own
    highWaterMark: 1,
    write(piece: Uint8Array, _encoding, done) {
      write(piece).then(() => {
        releaseMemory(piece);
        done();
      }, done);
    },
  });
}
