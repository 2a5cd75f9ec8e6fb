import { decodedSeries, type ItkImage } from '../../../common/imaging/dicom/decoded-series.ts';
import type { SliceHeader } from '../../../common/imaging/dicom/slice-header.ts';

/**
 * Decodes slices in the given order by ITK as WebAssembly, which runs in this thread and reads its program from the package
 * beside it, never from a network. Fault `image-unreadable` names the transfer syntax that failed.
 */
export async function decodeCompressed(
  slices: readonly SliceHeader[],
  name: string,
): Promise<ReturnType<typeof decodedSeries>> {
  return decodedSeries(await decode(slices), slices, name);
}

async function decode(slices: readonly SliceHeader[]): Promise<ItkImage | undefined> {
  const { readImageDicomFileSeriesNode } = await import('@itk-wasm/dicom');
  try {
    const { outputImage } = await readImageDicomFileSeriesNode({
      inputImages: slices.map(({ file }) => file),
      singleSortedSeries: true,
    });
    return outputImage as unknown as ItkImage;
  } catch {
    return undefined;
  }
}
