import { ZipFile } from 'yazl';

/** An entry of a zip archive as nobody honest writes it. */
export interface HostileEntry {
  readonly name: string;
  readonly content?: string | Buffer;
  /** Permissions and kind of file; a plain file when left out. */
  readonly mode?: number;
  readonly compress?: boolean;
}

/** A zip archive with exactly these entries: their names are put in afterwards, since honest writers refuse them. */
export async function makeZip(entries: readonly HostileEntry[]): Promise<Buffer> {
  const zip = new ZipFile();
  const standIns = entries.map(({ name }, index) => standInFor(name, index));
  entries.forEach(({ content = 'x', mode = 0o100644, compress = true }, index) =>
    zip.addBuffer(Buffer.from(content), standIns[index]!, { mode, compress, mtime: new Date(0) }),
  );
  zip.end();
  const chunks: Buffer[] = [];
  for await (const chunk of zip.outputStream) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  entries.forEach(({ name }, index) => replaceAll(bytes, Buffer.from(standIns[index]!), Buffer.from(name)));
  return bytes;
}

/** Of the same length in bytes, and found nowhere else. */
function standInFor(name: string, index: number): string {
  const mark = `${String.fromCharCode(65 + index)}\u0001`;
  return mark.padEnd(Math.max(3, Buffer.byteLength(name)), '~');
}

function replaceAll(bytes: Buffer, from: Buffer, to: Buffer): void {
  for (let at = bytes.indexOf(from); at >= 0; at = bytes.indexOf(from, at + 1)) to.copy(bytes, at);
}
