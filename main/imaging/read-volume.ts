import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { isMetaImage, parseMetaHeader } from '../../common/imaging/meta-header.ts';
import { isNrrd, parseNrrdHeader } from '../../common/imaging/nrrd-header.ts';
import { readRawImage, type RawImageFiles } from '../../common/imaging/read-raw-image.ts';
import { isDicom } from '../../common/imaging/dicom/data-set.ts';
import { readDicom } from './dicom/read-dicom.ts';
import { readNifti } from './formats/read-nifti.ts';
import { makeVolume, type Volume } from './make-volume.ts';
import { inflate, readBytes, readHead } from './read-bytes.ts';
import type { ReadingListener } from './stream/advance-planes.ts';
import { streamDicom } from './stream/stream-dicom.ts';
import { streamNifti } from './stream/stream-nifti.ts';
import type { VolumeSource } from './volume-source.ts';
import type { StoredImage } from '../../common/imaging/stored-image.ts';

/** Enough for the header of a NIfTI file, compressed or not. */
const HEAD_BYTES = 65536;

/**
 * Reads an image by its content (NIfTI, NRRD, MetaImage, DICOM), turned to closest canonical RAS. Blocks the thread that it
 * runs in: the app calls it in {@link ../imaging/reader-thread.ts}.
 *
 * @param listener is told of the voxels while they come, where they can be read one plane after the other
 * @throws FaultError `image-missing`, `image-unreadable`, `image-truncated`
 */
export async function readVolume(
  source: VolumeSource,
  listener: ReadingListener = { begin: () => undefined, advance: () => undefined },
): Promise<Volume> {
  const { file, name, channel } = source;
  const head = isFolder(file) ? undefined : readHead(file, HEAD_BYTES, name);
  const streamed =
    head === undefined || isDicom(head)
      ? streamDicom(source, listener)
      : await streamNifti(head, source, listener);
  return streamed ?? makeVolume(await readStored(source), channel, name);
}

/** An image of any format as its file has it. @throws FaultError `image-missing`, `image-unreadable`, `image-truncated` */
export async function readStored({
  file,
  name,
  series,
}: Omit<VolumeSource, 'channel'>): Promise<StoredImage> {
  if (isFolder(file)) return readDicom(file, name, series);
  // The header of a pair says more than its voxels.
  const header = file.replace(/\.img(\.gz)?$/i, '.hdr$1');
  const bytes = readBytes(header, name);
  if (isDicom(bytes)) return readDicom(file, name);
  if (isNrrd(bytes)) return readRawImage(parseNrrdHeader(bytes), bytes, name, filesBeside(file));
  if (isMetaImage(bytes, file)) {
    return readRawImage(parseMetaHeader(bytes), bytes, name, filesBeside(file));
  }
  return readNifti(bytes, header, name);
}

const filesBeside = (file: string): RawImageFiles => ({
  readBeside: (dataFile) => readBytes(resolve(dirname(file), dataFile), dataFile),
  inflate,
});

/** What is not there at all is said when it is read. */
function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
