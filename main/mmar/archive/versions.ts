import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FaultError } from '../../../common/fault.ts';
import { withFileFaults } from '../../node/file-fault.ts';
import { writeAtomic } from '../../node/write-atomic.ts';
import { hashContent } from './hash-content.ts';
import { listContent } from './list-content.ts';
import { digestContent, VERSIONS_FILE } from './manifest.ts';

const mmarVersion = z.object({
  version: z.int().positive(),
  digest: z.string().describe('of the content, as in the manifest of a packed MMAR'),
  at: z.iso.datetime(),
  note: z.string().optional(),
});
/** A state of an MMAR that somebody gave a number to. */
export type MmarVersion = z.output<typeof mmarVersion>;

const versionsFile = z.object({ versions: z.array(mmarVersion) });

/** The versions of an MMAR, oldest first; none where nothing was stamped. @throws FaultError `schema` */
export async function readVersions(mmarRoot: string): Promise<readonly MmarVersion[]> {
  let text: string;
  try {
    text = await readFile(join(mmarRoot, VERSIONS_FILE), 'utf8');
  } catch {
    return [];
  }
  const parsed = versionsFile.safeParse(parseJson(text));
  if (parsed.success) return parsed.data.versions;
  throw new FaultError({
    code: 'schema',
    file: VERSIONS_FILE,
    message: 'The versions of the MMAR cannot be read.',
    allowed: '{"versions": [{"version": 1, "digest": ..., "at": ...}]}',
  });
}

/** What a version is made of. */
export interface VersionStamp {
  /** What is new in it. */
  readonly note?: string;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * Gives the content of an MMAR as it is now the next version number, in its versions.json. The content of the last version
 * keeps that version's number.
 */
export async function stampVersion(mmarRoot: string, { note, at }: VersionStamp): Promise<MmarVersion> {
  const versions = await readVersions(mmarRoot);
  const digest = digestContent(await hashContent(mmarRoot, (await listContent(mmarRoot)).files));
  const last = versions.at(-1);
  if (last?.digest === digest) return last;
  const next = {
    version: (last?.version ?? 0) + 1,
    digest,
    at,
    ...(note === undefined || note === '' ? {} : { note }),
  };
  const text = `${JSON.stringify({ versions: [...versions, next] }, undefined, 2)}\n`;
  await withFileFaults(VERSIONS_FILE, () => writeAtomic(join(mmarRoot, VERSIONS_FILE), text));
  return next;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
