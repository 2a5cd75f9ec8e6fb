import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { withFileFaults } from '../../node/file-fault.ts';
import type { ContentFile } from './list-content.ts';
import type { PackedFile } from './manifest.ts';
import { mayNameData, packText } from './packed-text.ts';

/** Size and SHA-256 of each file as it is packed: texts without this site's paths. */
export async function hashContent(
  mmarRoot: string,
  files: readonly ContentFile[],
): Promise<readonly PackedFile[]> {
  const hashed: PackedFile[] = [];
  for (const { path } of files)
    hashed.push({ path, ...(await withFileFaults(path, () => hashPacked(mmarRoot, path))) });
  return hashed;
}

async function hashPacked(mmarRoot: string, path: string): Promise<Omit<PackedFile, 'path'>> {
  const file = join(mmarRoot, path);
  if (mayNameData(path)) {
    const text = await readFile(file, 'utf8');
    return hashText(packText(path, text, mmarRoot)?.text ?? text);
  }
  const hash = createHash('sha256');
  let sizeBytes = 0;
  await pipeline(createReadStream(file), async (chunks: AsyncIterable<Buffer>) => {
    for await (const chunk of chunks) {
      sizeBytes += chunk.length;
      hash.update(chunk);
    }
  });
  return { sizeBytes, sha256: hash.digest('hex') };
}

function hashText(text: string): Omit<PackedFile, 'path'> {
  const bytes = Buffer.from(text);
  return { sizeBytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
