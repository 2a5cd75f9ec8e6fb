import { crc32, inflateSync } from 'node:zlib';
import type { RgbPicture } from '../../../common/imaging/encode-png.ts';

/** Reads a PNG of 8-bit red, green and blue without filters; throws for anything else and for wrong checksums. */
export function decodePng(png: Uint8Array): RgbPicture {
  const bytes = Buffer.from(png);
  if (bytes.subarray(0, 8).toString('latin1') !== '\x89PNG\r\n\x1a\n') throw new Error('no PNG');
  const chunks = new Map<string, Buffer>();
  for (let at = 8; at < bytes.length;) {
    const end = at + 8 + bytes.readUInt32BE(at);
    if (crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(end)) throw new Error('wrong checksum');
    chunks.set(bytes.toString('latin1', at + 4, at + 8), bytes.subarray(at + 8, end));
    at = end + 4;
  }
  if ([...chunks.keys()].join() !== 'IHDR,IDAT,IEND') throw new Error('other chunks');
  const header = chunks.get('IHDR')!;
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  if (header.toString('hex', 8) !== '0802000000') throw new Error('another kind of pixels');
  const rows = inflateSync(chunks.get('IDAT')!);
  if (rows.length !== (width * 3 + 1) * height) throw new Error('another length');
  const rgb = Buffer.concat(
    Array.from({ length: height }, (_, row) => {
      const start = row * (width * 3 + 1);
      if (rows[start] !== 0) throw new Error('a filter');
      return rows.subarray(start + 1, start + width * 3 + 1);
    }),
  );
  return { rgb: new Uint8Array(rgb), width, height };
}

/** The colour of a pixel. */
export const pixelOf = ({ rgb, width }: RgbPicture, column: number, row: number): readonly number[] => [
  ...rgb.subarray((row * width + column) * 3, (row * width + column) * 3 + 3),
];
