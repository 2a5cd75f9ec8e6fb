import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { withFileFaults } from '../../node/file-fault.ts';
import { digestUserCode, listUserCode, surveyCode, type CodeFile } from './list-user-code.ts';

const codeFile = z.object({ path: z.string(), sizeBytes: z.number(), sha256: z.string() });

const trustRecord = z.object({
  decision: z.enum(['trusted', 'revoked']),
  digest: z.string().describe('of the code: a decision holds for the same code anywhere, and for no other'),
  at: z.iso.datetime(),
  by: z.string().describe('the user who decided'),
  note: z.string().optional().describe('why'),
  place: z.string().describe('the folder of the MMAR then, to show what has changed since'),
  files: z.array(codeFile),
});
export type TrustRecord = z.output<typeof trustRecord>;

/**
 * `no-code`: there is nothing to trust; `trusted`: somebody decided to run exactly this code; `changed`: the code that was
 * trusted here was another; `revoked`: that was taken back; `unknown`: nobody has decided.
 */
export type TrustState = 'no-code' | 'trusted' | 'changed' | 'revoked' | 'unknown';

/** Whether the code of an MMAR may run, and what it is. */
export interface TrustView {
  readonly state: TrustState;
  readonly digest: string;
  /** What would run. */
  readonly files: readonly CodeFile[];
  /** The decision that counts; for `changed` the last one about this folder. */
  readonly record?: TrustRecord;
  /** For `changed`: what is another than when it was trusted. */
  readonly changes?: {
    readonly added: readonly string[];
    readonly changed: readonly string[];
    readonly gone: readonly string[];
  };
}

/** Code that may run, by its digests. */
export interface TrustedCode {
  /** Of all of it. */
  readonly digest: string;
  /** Of custom/ alone, as the trainer knows it. */
  readonly customDigest: string;
}

/** What a decision is made with. */
export interface TrustDecision {
  readonly by: string;
  readonly note?: string;
  /** ISO 8601. */
  readonly at: string;
}

/** The store of a user. @param dataFolder absolute path of what belongs to the user and to no MMAR */
export function openTrustStore(dataFolder: string): TrustStore {
  return new TrustStore(join(dataFolder, 'trust.jsonl'));
}

/**
 * The decisions about whose code may run on this machine: one line of JSON each, only ever added, so that the file is
 * their history too. A decision is about code, by its digest, not about a folder.
 */
export class TrustStore {
  readonly #file: string;

  /** @param file absolute path, in the user's data folder; made when it is not there */
  constructor(file: string) {
    this.#file = file;
  }

  /** All decisions, oldest first. Lines that cannot be read count for nothing, so that they never allow anything. */
  async list(): Promise<readonly TrustRecord[]> {
    const text = await readFile(this.#file, 'utf8').catch(() => '');
    return text.split('\n').flatMap((line) => {
      const parsed = trustRecord.safeParse(parseJson(line));
      return parsed.success ? [parsed.data] : [];
    });
  }

  /** How an MMAR stands. @param mmarRoot absolute path */
  async view(mmarRoot: string): Promise<TrustView> {
    return this.#judge(mmarRoot, await listUserCode(mmarRoot));
  }

  async #judge(mmarRoot: string, files: readonly CodeFile[]): Promise<TrustView> {
    const digest = digestUserCode(files);
    if (files.length === 0) return { state: 'no-code', digest, files };
    const records = await this.list();
    const own = records.findLast((record) => record.digest === digest);
    if (own !== undefined)
      return { state: own.decision === 'trusted' ? 'trusted' : 'revoked', digest, files, record: own };
    const before = records.findLast(({ place, decision }) => place === mmarRoot && decision === 'trusted');
    if (before === undefined) return { state: 'unknown', digest, files };
    return { state: 'changed', digest, files, record: before, changes: compareFiles(before.files, files) };
  }

  /** The code that an MMAR has now, when somebody has decided that exactly this may run. */
  async trustedCode(mmarRoot: string): Promise<TrustedCode | undefined> {
    const { own, customDigest } = await surveyCode(mmarRoot);
    const { state, digest } = await this.#judge(mmarRoot, own);
    return state === 'trusted' ? { digest, customDigest } : undefined;
  }

  /**
   * Trusts the code of an MMAR.
   *
   * @param digest of the code that the user was shown: what has changed since is not trusted
   * @returns false when the code is another by now
   */
  async trust(mmarRoot: string, digest: string, decision: TrustDecision): Promise<boolean> {
    const files = await listUserCode(mmarRoot);
    if (digestUserCode(files) !== digest) return false;
    await this.#add({ ...decision, decision: 'trusted', digest, place: mmarRoot, files: [...files] });
    return true;
  }

  /** Takes back what was decided about the code that an MMAR has now. */
  async revoke(mmarRoot: string, decision: TrustDecision): Promise<void> {
    const files = await listUserCode(mmarRoot);
    const digest = digestUserCode(files);
    await this.#add({ ...decision, decision: 'revoked', digest, place: mmarRoot, files: [...files] });
  }

  async #add(record: TrustRecord): Promise<void> {
    await withFileFaults('trust.jsonl', async () => {
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      await appendFile(this.#file, `${JSON.stringify(record)}\n`, { flush: true, mode: 0o600 });
    });
  }
}

function compareFiles(
  before: readonly CodeFile[],
  now: readonly CodeFile[],
): NonNullable<TrustView['changes']> {
  const old = new Map(before.map(({ path, sha256 }) => [path, sha256]));
  const kept = new Set(now.map(({ path }) => path));
  const known = now.filter(({ path }) => old.has(path));
  return {
    added: now.filter(({ path }) => !old.has(path)).map(({ path }) => path),
    changed: known.filter(({ path, sha256 }) => old.get(path) !== sha256).map(({ path }) => path),
    gone: before.filter(({ path }) => !kept.has(path)).map(({ path }) => path),
  };
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
