import { FaultError } from '../../fault.ts';
import type { ReadFile } from './native-pixels.ts';
import { readSliceHeader, type SliceHeader } from './slice-header.ts';

/** How a program gets at the files of a series. */
export interface SeriesFiles {
  /** The file itself, or the files of a folder, absolute. Faults: `image-missing`, `image-unreadable`. */
  readonly list: (path: string, name: string) => readonly string[];
  /** The first so many bytes of a file, fewer where it is shorter. Fault `image-unreadable`. */
  readonly readHead: (file: string, name: string, bytes: number) => Uint8Array;
  readonly readFile: ReadFile;
}

/** Where headers usually end; files with longer ones are read whole. */
const HEAD_BYTES = 32768;

/** Files of a folder that belong to no series. */
export const isSeriesFileName = (name: string): boolean => !name.startsWith('.') && name !== 'DICOMDIR';

/**
 * The headers of the DICOM images at a path: one file, or a folder with any others in it.
 *
 * @param name what faults call the path
 * @throws FaultError `image-missing`, `image-unreadable` (no DICOM image among the files)
 */
export function readSliceHeaders(path: string, name: string, files: SeriesFiles): readonly SliceHeader[] {
  const found = files.list(path, name);
  const headers = found.flatMap((file) => readHeader(file, name, files) ?? []);
  if (headers.length > 0) return headers;
  throw new FaultError({
    code: 'image-unreadable',
    file: name,
    message:
      found.length === 1
        ? 'The file holds no DICOM image.'
        : `None of the ${found.length} files in the folder is a DICOM image.`,
    allowed: 'a folder with the files of one DICOM series',
  });
}

function readHeader(
  file: string,
  name: string,
  { readHead, readFile }: SeriesFiles,
): SliceHeader | undefined {
  const head = readHead(file, name, HEAD_BYTES);
  const header = readSliceHeader(head, file);
  if (header === undefined) return undefined;
  const isComplete = header.pixels !== undefined || head.length < HEAD_BYTES;
  const whole = isComplete ? header : readSliceHeader(readFile(file, name), file);
  return whole?.pixels === undefined && whole?.rows === 0 ? undefined : whole;
}
