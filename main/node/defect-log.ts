import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A defect that somebody met. */
export interface Defect {
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Shown to the user instead of the details. */
  readonly correlation: string;
  readonly operation: string;
  readonly message: string;
  readonly stack?: string;
}

/** Keeps what went wrong inside the program: on this machine, in the user's data folder, and nowhere else. */
export interface DefectLog {
  /** @returns the correlation: what the user is told */
  record(error: unknown, operation: string): string;
  /** The newest of this start, newest first. */
  recent(): readonly Defect[];
}

const RECENT = 50;
/** Above this the log begins anew; one old log is kept. */
const MAX_SIZE_BYTES = 4 * 1024 ** 2;

/** Appends to `<dataFolder>/logs/defects.jsonl`. A disk that refuses loses the line, never the program. */
export function openDefectLog(dataFolder: string): DefectLog {
  const folder = join(dataFolder, 'logs');
  const file = join(folder, 'defects.jsonl');
  const recent: Defect[] = [];
  return {
    record(error, operation) {
      const defect = describeDefect(error, operation);
      recent.unshift(defect);
      recent.length = Math.min(recent.length, RECENT);
      try {
        mkdirSync(folder, { recursive: true, mode: 0o700 });
        if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > MAX_SIZE_BYTES)
          renameSync(file, `${file}.old`);
        appendFileSync(file, `${JSON.stringify(defect)}\n`);
      } catch {
        // It is still in memory, for the diagnostics page.
      }
      return defect.correlation;
    },
    recent: () => recent,
  };
}

function describeDefect(error: unknown, operation: string): Defect {
  return {
    at: new Date().toISOString(),
    correlation: randomBytes(4).toString('hex'),
    operation,
    message: error instanceof Error ? error.message : String(error),
    ...(error instanceof Error && error.stack !== undefined ? { stack: error.stack } : {}),
  };
}
