/** Where planes stand in a content. */
export interface PlaneLayout {
  /** Byte position of the first plane. */
  readonly offset: number;
  readonly planeBytes: number;
  readonly planes: number;
}

/** The content has ended before its last plane did. */
export class ContentEnded extends Error {
  /** So many bytes it had. */
  readonly contentBytes: number;

  constructor(contentBytes: number) {
    super('The content has ended before its planes');
    this.name = 'ContentEnded';
    this.contentBytes = contentBytes;
  }
}

/**
 * Cuts a content that comes in pieces into planes of voxels. Every plane is in the same memory, good until the next one is asked
 * for, and may be written to.
 *
 * @throws ContentEnded
 */
export async function* cutPlanes(
  pieces: AsyncIterable<Uint8Array>,
  { offset, planeBytes, planes }: PlaneLayout,
): AsyncGenerator<Uint8Array, void> {
  const plane = new Uint8Array(planeBytes);
  let toSkip = offset;
  let [contentBytes, filled, made] = [0, 0, 0];
  for await (const piece of pieces) {
    contentBytes += piece.length;
    let at = Math.min(toSkip, piece.length);
    toSkip -= at;
    while (at < piece.length) {
      const taken = Math.min(planeBytes - filled, piece.length - at);
      plane.set(piece.subarray(at, at + taken), filled);
      at += taken;
      filled += taken;
      if (filled < planeBytes) continue;
      yield plane;
      filled = 0;
      // What follows, such as other channels, is not even decompressed.
      if (++made === planes) return;
    }
  }
  throw new ContentEnded(contentBytes);
}
