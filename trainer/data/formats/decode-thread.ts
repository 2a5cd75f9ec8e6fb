import { workerData, type MessagePort } from 'node:worker_threads';

/** The slices to decode, in order; their image goes to `port` and then `ended` becomes 1. Nothing is sent where it fails. */
export interface DecodeRequest {
  readonly files: readonly string[];
  readonly port: MessagePort;
  readonly ended: Int32Array<SharedArrayBuffer>;
}

const { files, port, ended } = workerData as DecodeRequest;
try {
  const { readImageDicomFileSeriesNode } = await import('@itk-wasm/dicom');
  const { outputImage } = await readImageDicomFileSeriesNode({
    inputImages: [...files],
    singleSortedSeries: true,
  });
  const { imageType, size, spacing, origin, direction, data } = outputImage;
  port.postMessage({ imageType, size, spacing, origin, direction, data });
} catch {
  // What could not be decoded is said by whoever waits, with the transfer syntax.
} finally {
  Atomics.store(ended, 0, 1);
  Atomics.notify(ended, 0);
}
