import { open } from 'node:fs/promises';
import { constants, gunzipSync } from 'node:zlib';
import { fail, type Fault, type Result } from '../../common/fault.ts';
import { parseNiftiHeader, type NiftiHeader } from '../../common/imaging/nifti-header.ts';

/** Enough for a NIfTI-2 header; compressed headers are always smaller than this. */
const HEAD_BYTES = 4096;

/**
 * Reads the header of a .nii, .nii.gz, .hdr or .hdr.gz file without its voxels.
 *
 * @param file absolute path
 * @param name what faults call the file: a path relative to the data root
 */
export async function readImageHeader(file: string, name: string): Promise<Result<NiftiHeader>> {
  const head = await readHead(file, name);
  if (!head.ok) return head;
  const isGzip = head.value[0] === 0x1f && head.value[1] === 0x8b;
  let bytes = head.value;
  if (isGzip) {
    try {
      // a partial flush gives what the head holds instead of an error for the missing rest
      bytes = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH });
    } catch {
      return fail({
        code: 'image-unreadable',
        message: 'The file ends in .gz or looks like it, but is not gzip.',
        file: name,
      });
    }
  }
  const header = parseNiftiHeader(bytes);
  return header.ok ? header : fail(...header.faults.map((fault): Fault => ({ ...fault, file: name })));
}

async function readHead(file: string, name: string): Promise<Result<Uint8Array>> {
  try {
    await using handle = await open(file, 'r');
    const { buffer, bytesRead } = await handle.read(new Uint8Array(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return { ok: true, value: buffer.subarray(0, bytesRead) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      return fail({ code: 'image-missing', message: 'The image is not there.', file: name });
    }
    return fail({
      code: 'image-unreadable',
      message: `The image cannot be read (${code ?? 'unknown error'}).`,
      file: name,
    });
  }
}
