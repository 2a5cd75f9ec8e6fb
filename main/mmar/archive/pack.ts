import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { FaultError } from '../../../common/fault.ts';
import { withFileFaults } from '../../node/file-fault.ts';
import { describeFinding } from '../identifying/find-identifying.ts';
import type { ContentChoice } from './list-content.ts';
import { MANIFEST_FILE, type ArchiveManifest, type PackedFile } from './manifest.ts';
import type { PackedText } from './packed-text.ts';
import { planPack, type PackPlan } from './plan-pack.ts';

/** A packed MMAR. */
export interface PackedMmar extends PackPlan {
  readonly file: string;
  /** Of the archive itself. */
  readonly packedBytes: number;
}

export interface PackRequest extends ContentChoice {
  /** Absolute path of the MMAR. */
  readonly mmarRoot: string;
  /** Absolute path of the archive to be; an existing one is replaced. */
  readonly file: string;
  /** Pack although something looks as if it identified a person; the manifest says so. */
  readonly acceptFindings?: boolean;
}

/** The same in every archive and time zone, so that the same MMAR gives the same bytes. */
const ENTRY = { mtime: new Date(1980, 0, 1), mode: 0o100644, forceDosTimestamp: true } as const;

/**
 * Packs an MMAR into one file: a zip archive with a manifest of its files. The same MMAR gives the same bytes. Runs, data
 * and what trainings leave behind stay here, and so do paths to data. The archive appears complete or not at all.
 *
 * @throws FaultError `identifying` with every place that looks as if it identified a person, unless they are accepted
 */
export async function packMmar(request: PackRequest): Promise<PackedMmar> {
  const { mmarRoot, file, acceptFindings = false } = request;
  const plan = await planPack(mmarRoot, request);
  if (plan.findings.length > 0 && !acceptFindings)
    throw new FaultError(...plan.findings.map((finding) => describeFinding(finding)));
  const draft = join(dirname(file), `.${basename(file)}.${randomUUID()}`);
  try {
    const packedBytes = await withFileFaults(basename(file), async () => {
      const size = await writeArchive(plan, draft);
      await rename(draft, file);
      return size;
    });
    return { ...plan, file, packedBytes };
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

/** Returns the archive's size in bytes. */
async function writeArchive(plan: PackPlan, draft: string): Promise<number> {
  const zip = new ZipFile();
  const stop = new AbortController();
  let failure: unknown;
  const fail = (error: Error): void => {
    failure ??= error;
    stop.abort();
  };
  zip.once('error', fail);
  zip.addBuffer(Buffer.from(formatManifest(plan)), MANIFEST_FILE, ENTRY);
  for (const file of plan.files)
    zip.addReadStreamLazy(file.path, ENTRY, (give) =>
      give(null, openContent(plan.mmarRoot, file, plan.packedTexts.get(file.path)).on('error', fail)),
    );
  zip.end();
  try {
    await pipeline(zip.outputStream, createWriteStream(draft, { flags: 'wx' }), { signal: stop.signal });
  } catch (error) {
    throw failure ?? error;
  }
  const handle = await open(draft, 'r+');
  try {
    await handle.sync();
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

/** The bytes of a file, which have to be those that the manifest lists. */
function openContent(mmarRoot: string, listed: PackedFile, packed: PackedText | undefined): Readable {
  const { path, sha256 } = listed;
  const source =
    packed === undefined ? createReadStream(join(mmarRoot, path)) : Readable.from([Buffer.from(packed.text)]);
  const hash = createHash('sha256');
  const compare = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      done(hash.digest('hex') === sha256 ? null : changed(path));
    },
  });
  source.on('error', (error: Error) => compare.destroy(error));
  return source.pipe(compare);
}

function changed(file: string): FaultError {
  return new FaultError({
    code: 'archive',
    file,
    message: 'The file changed while the MMAR was packed.',
    allowed: 'an MMAR that nothing works on',
  });
}

function formatManifest({ mmarRoot, files, digest, version, findings }: PackPlan): string {
  const manifest: ArchiveManifest = {
    outerloop_mmar: 1,
    name: basename(mmarRoot),
    ...(version === undefined ? {} : { version }),
    digest,
    ...(findings.length === 0 ? {} : { accepted_findings: findings.length }),
    files: [...files],
  };
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}
