import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';
import type { Fault } from '../../../common/fault.ts';
import type { Json } from '../../../common/json.ts';
import { withFileFaults } from '../../node/file-fault.ts';
import { identifyingRules } from './identifying-rules.ts';
import { scanFileName, scanJson, scanText, type IdentifyingFinding } from './scan-content.ts';
import { NIFTI_HEAD_BYTES, scanNifti } from './scan-nifti.ts';

/** What was found in the files of an MMAR, and which of them could not be looked into. */
export interface IdentifyingReport {
  readonly findings: readonly IdentifyingFinding[];
  /** Pictures, models, anything that is neither text nor NIfTI: a person has to know what is in them. */
  readonly unchecked: readonly string[];
}

/** Enough to tell a text from something else. */
const PROBE_BYTES = 8192;

/**
 * Looks for what could tell who a patient is or where the files come from: in the names of the files, in all text and
 * JSON, and in the text fields of NIfTI headers. It finds what is written as such things are; it cannot prove that there
 * is nothing.
 *
 * @param files relative to the MMAR
 * @param replaced content that is packed instead of a file's own, by path
 */
export async function findIdentifying(
  mmarRoot: string,
  files: readonly string[],
  replaced: ReadonlyMap<string, string> = new Map(),
): Promise<IdentifyingReport> {
  const findings: IdentifyingFinding[] = [];
  const unchecked: string[] = [];
  for (const file of files) {
    findings.push(...scanFileName(file));
    const found = await withFileFaults(file, () => scanFile(join(mmarRoot, file), file, replaced.get(file)));
    if (found === undefined) unchecked.push(file);
    else findings.push(...found);
  }
  return { findings, unchecked };
}

/** A finding as a fault: where, and what kind of thing; never the thing itself. */
export function describeFinding({ rule, file, path, line, field }: IdentifyingFinding): Fault {
  const where = field === undefined ? '' : `Its ${field} field: `;
  const what = `${where}${where === '' ? 'This' : 'this'} looks like ${identifyingRules[rule]}.`;
  return {
    code: 'identifying',
    file,
    message: what,
    ...(path === undefined || path.length === 0 ? {} : { path }),
    ...(line === undefined ? {} : { line }),
  };
}

async function scanFile(
  file: string,
  name: string,
  replaced: string | undefined,
): Promise<readonly IdentifyingFinding[] | undefined> {
  if (replaced !== undefined) return scanTextual(name, replaced);
  const head = await readHead(file, PROBE_BYTES);
  if (head.toString('latin1', 128, 132) === 'DICM') return [{ rule: 'dicom-file', file: name }];
  const nifti = scanNifti(name, await readImageHead(file, head));
  if (nifti !== undefined) return nifti;
  if (head.includes(0)) return undefined;
  const text = await readFile(file, 'utf8');
  return text.includes('\ufffd') ? undefined : scanTextual(name, text);
}

function scanTextual(name: string, text: string): readonly IdentifyingFinding[] {
  if (!/\.json$/i.test(name)) return scanText(name, text);
  try {
    return scanJson(name, JSON.parse(text) as Json);
  } catch {
    return scanText(name, text);
  }
}

async function readImageHead(file: string, head: Buffer): Promise<Buffer> {
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  if (!isGzip && head.length < PROBE_BYTES) return head;
  const start = await readHead(file, NIFTI_HEAD_BYTES);
  return isGzip ? unzipStart(start) : start;
}

/** The start of what a gzip file holds; empty when it is damaged. */
function unzipStart(start: Buffer): Buffer {
  try {
    return gunzipSync(start, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 64 * 2 ** 20 });
  } catch {
    return Buffer.alloc(0);
  }
}

async function readHead(file: string, bytes: number): Promise<Buffer> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.alloc(bytes);
    const { bytesRead } = await handle.read(buffer, 0, bytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
