import { createHash } from 'node:crypto';
import { z } from 'zod';
import { FaultError } from '../../../common/fault.ts';

/** The first entry of a packed MMAR: what is in it. It is not part of the MMAR itself. */
export const MANIFEST_FILE = 'outerloop-mmar.json';

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const packedFile = z.object({ path: z.string(), sizeBytes: z.int().nonnegative(), sha256 });
export type PackedFile = z.output<typeof packedFile>;

export const archiveManifest = z.object({
  outerloop_mmar: z.literal(1),
  name: z.string().max(200).describe('of the folder that was packed'),
  version: z.int().positive().optional().describe('as its versions.json says'),
  digest: sha256.describe('SHA-256 over path, size and digest of all files but versions.json'),
  accepted_findings: z
    .int()
    .positive()
    .optional()
    .describe('so many places looked as if they identified a person, and were packed on purpose'),
  files: z.array(packedFile),
});
export type ArchiveManifest = z.output<typeof archiveManifest>;

/** The versions of an MMAR (versions.ts): they name digests of the content, so they are no part of it. */
export const VERSIONS_FILE = 'versions.json';

/** One SHA-256 for the content of an MMAR. @param files in any order */
export function digestContent(files: readonly PackedFile[]): string {
  const hash = createHash('sha256');
  const lines = files
    .filter(({ path }) => path !== VERSIONS_FILE)
    .map(({ path, sizeBytes, sha256: digest }) => `${digest} ${sizeBytes} ${path}\n`);
  for (const line of lines.sort()) hash.update(line);
  return hash.digest('hex');
}

/** @throws FaultError `archive` */
export function parseManifest(text: string): ArchiveManifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw broken('it is no JSON');
  }
  const parsed = archiveManifest.safeParse(json);
  if (parsed.success) return parsed.data;
  const { path, message } = parsed.error.issues[0]!;
  throw broken(`${path.join('.')}: ${message}`);
}

function broken(problem: string): FaultError {
  return new FaultError({
    code: 'archive',
    file: MANIFEST_FILE,
    message: `The archive's manifest cannot be read: ${problem}.`,
  });
}
