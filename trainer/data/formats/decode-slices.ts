import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { decodedSeries, type ItkImage } from '../../../common/imaging/dicom/decoded-series.ts';
import type { SliceHeader } from '../../../common/imaging/dicom/slice-header.ts';
import type { DecodeRequest } from './decode-thread.ts';

/** Longest that the slices of one series may take; a thread that is lost does not say so. */
const MOST_MS = 10 * 60_000;

/**
 * Decodes slices in the given order by ITK as WebAssembly, which is asynchronous: a thread of its own does it, while this one
 * waits, since transforms answer at once. Fault `image-unreadable` names the transfer syntax that failed.
 */
export function decodeSlices(slices: readonly SliceHeader[], name: string): ReturnType<typeof decodedSeries> {
  const ended = new Int32Array(new SharedArrayBuffer(4));
  const { port1, port2 } = new MessageChannel();
  const workerData: DecodeRequest = { files: slices.map(({ file }) => file), ended, port: port2 };
  const thread = new Worker(new URL('./decode-thread.ts', import.meta.url), {
    workerData,
    transferList: [port2],
    execArgv: [],
    // Decoders talk to the console of what the fault says anyway.
    stdout: true,
    stderr: true,
  });
  try {
    Atomics.wait(ended, 0, 0, MOST_MS);
    const answer = receiveMessageOnPort(port1) as { readonly message?: ItkImage } | undefined;
    return decodedSeries(answer?.message, slices, name);
  } finally {
    port1.close();
    void thread.terminate();
  }
}
