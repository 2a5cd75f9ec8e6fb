import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { TrackingDatabase } from '../store/database.ts';

/** SHA-256 of files; those that have not changed since are not read again. */
export class FileDigests {
  readonly #db: TrackingDatabase;

  constructor(db: TrackingDatabase) {
    this.#db = db;
  }

  /** Undefined for a file that is gone meanwhile. */
  async digest(file: string): Promise<string | undefined> {
    const found = await stat(file).catch(() => undefined);
    if (found === undefined) return undefined;
    const stamp = `${found.size}/${found.mtimeMs}`;
    const known = this.#db.get<{ stamp: string; sha256: string }>(
      'SELECT stamp, sha256 FROM digests WHERE path = ?',
      file,
    );
    if (known?.stamp === stamp) return known.sha256;
    const sha256 = await hashFile(file);
    this.#db.write(() =>
      this.#db.run(
        `INSERT INTO digests (path, stamp, sha256) VALUES (?, ?, ?)
         ON CONFLICT (path) DO UPDATE SET stamp = excluded.stamp, sha256 = excluded.sha256`,
        file,
        stamp,
        sha256,
      ),
    );
    return sha256;
  }
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
