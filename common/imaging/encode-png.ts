const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const EIGHT_BITS = 8;
const TRUE_COLOUR = 2;
/** Bytes of a chunk beside its content: length, name, checksum. */
const CHUNK_FRAME = 12;

/** What a PNG needs of zlib, which differs from platform to platform. */
export interface PngCompression {
  readonly deflateSync: (bytes: Uint8Array) => Uint8Array;
  readonly crc32: (bytes: Uint8Array) => number;
}

/** A picture: red, green and blue bytes, row by row from the top. */
export interface RgbPicture {
  readonly rgb: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/** The picture as a PNG. */
export function encodePng({ rgb, width, height }: RgbPicture, zlib: PngCompression): Uint8Array {
  const rows = new Uint8Array((width * 3 + 1) * height);
  for (let row = 0; row < height; row++) {
    // The first byte of each row names its filter: none.
    rows.set(rgb.subarray(row * width * 3, (row + 1) * width * 3), row * (width * 3 + 1) + 1);
  }
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([EIGHT_BITS, TRUE_COLOUR, 0, 0, 0], 8);
  return join([
    Uint8Array.from(SIGNATURE),
    chunk('IHDR', header, zlib),
    chunk('IDAT', zlib.deflateSync(rows), zlib),
    chunk('IEND', new Uint8Array(), zlib),
  ]);
}

function chunk(name: string, content: Uint8Array, { crc32 }: PngCompression): Uint8Array {
  const bytes = new Uint8Array(content.length + CHUNK_FRAME);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, content.length);
  for (let at = 0; at < name.length; at++) bytes[4 + at] = name.charCodeAt(at);
  bytes.set(content, 8);
  view.setUint32(8 + content.length, crc32(bytes.subarray(4, 8 + content.length)));
  return bytes;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
