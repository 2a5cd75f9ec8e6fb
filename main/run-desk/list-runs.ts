import { stat } from 'node:fs/promises';
import type { BrokenRun, RunHead } from '../../common/api/runs.ts';
import { FaultError } from '../../common/fault.ts';
import type { MmarId } from '../../common/api/ids.ts';
import { findRuns } from '../automl/find-runs.ts';
import { RunReader, type ReaderPorts } from '../automl/run-reader.ts';
import { runFile } from '../automl/run-folder.ts';
import { RunPicture } from './run-picture.ts';

/** The runs of MMARs. A run that has ended is read once, and again when its journal has changed. */
export class RunList {
  readonly #ports: ReaderPorts;
  readonly #known = new Map<string, { readonly version: string; readonly head: RunHead }>();

  constructor(ports: ReaderPorts) {
    this.#ports = ports;
  }

  /** @param mmarRoot absolute path. Newest first. */
  async list(mmar: MmarId, mmarRoot: string): Promise<{ runs: RunHead[]; broken: BrokenRun[] }> {
    const runs: RunHead[] = [];
    const broken: BrokenRun[] = [];
    for (const { runId: run, runFolder } of await findRuns(mmarRoot)) {
      try {
        const head = await this.#read({ mmar, run }, runFolder);
        if (head !== undefined) runs.push(head);
      } catch (error) {
        if (!(error instanceof FaultError)) throw error;
        broken.push({ run, faults: [...error.faults] });
      }
    }
    return { runs: runs.toSorted((a, b) => b.startedAt.localeCompare(a.startedAt)), broken };
  }

  async #read(place: { mmar: MmarId; run: string }, folder: string): Promise<RunHead | undefined> {
    const { size, mtimeMs } = await stat(runFile(folder, 'journal'));
    const version = `${size} ${mtimeMs}`;
    const known = this.#known.get(folder);
    if (known?.version === version) return known.head;
    const picture = new RunPicture(place);
    picture.add(await new RunReader(folder, this.#ports).read());
    const head = picture.head(this.#ports.clock.now());
    // Whether a run goes on shows its lock, not its journal.
    if (head !== undefined && head.state !== 'running' && head.state !== 'killed')
      this.#known.set(folder, { version, head });
    return head;
  }
}
