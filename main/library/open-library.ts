import { join } from 'node:path';
import { TrustStore } from '../mmar/trust/trust-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Desktop } from '../ports/desktop.ts';
import type { ProcessTable } from '../ports/processes.ts';
import { readTrustState } from './describe-trust.ts';
import type { KnownMmars } from './known-mmars.ts';
import { Library } from './library.ts';
import { PackedFiles } from './packed-files.ts';
import { CardRuns } from './read-runs.ts';
import { Removals } from './removals.ts';

export interface OpenLibraryParts {
  readonly dataFolder: string;
  readonly known: KnownMmars;
  readonly desktop: Pick<Desktop, 'abilities' | 'trash'>;
  readonly clock: Clock;
  readonly processes: ProcessTable;
}

/** All that works on whole MMARs. */
export interface OpenLibrary {
  readonly library: Library;
  readonly removals: Removals;
  readonly packed: PackedFiles;
  readonly trust: TrustStore;
  /** Hands what was put away to the system's trash. */
  close(): Promise<void>;
}

/** Opens the library of a data folder, and finishes what a program that was killed has left half done. */
export function openLibrary(parts: OpenLibraryParts): OpenLibrary {
  const { dataFolder, known, desktop, clock, processes } = parts;
  const trust = new TrustStore(join(dataFolder, 'trust.jsonl'));
  const runs = new CardRuns({ clock, processes });
  const removals = new Removals(known, desktop, clock);
  const packed = new PackedFiles(dataFolder);
  // Nobody waits for either: a disk that refuses is met again when it matters.
  packed.clear().catch(() => undefined);
  removals.finishAll().catch(() => undefined);
  return {
    library: new Library({
      known,
      runs,
      trustOf: (mmarRoot) => readTrustState(trust, mmarRoot),
      sampleFolder: join(dataFolder, 'samples'),
    }),
    removals,
    packed,
    trust,
    close: () => removals.finishAll(),
  };
}
