import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CurvePart } from '../../common/api/runs.ts';
import { trainStats } from '../../common/mmar/train-stats.ts';
import type { Clock } from '../ports/clock.ts';
import { CURVE_NAMES, curvesOfStats, type Curve, type JobCurves } from './job-curves.ts';
import type { RunFeed } from './run-feed.ts';
import { pause } from './pause.ts';

const POLL_MS = 1000;
const STATS_FILE = 'models/train_stats.json';

/**
 * The curves of some jobs of a run, then what is added to them, until the signal: from the job's train_stats.json where it
 * is there, else from the journal, which may have lost points of a fast training.
 *
 * @param runRoot absolute path of the run's folder
 */
export async function* followCurves(
  feed: RunFeed,
  runRoot: string,
  jobs: readonly string[],
  clock: Clock,
  signal: AbortSignal,
): AsyncGenerator<CurvePart> {
  const followed = jobs.map((job) => new FollowedJob(job, join(runRoot, job, STATS_FILE)));
  while (!signal.aborted) {
    await feed.refresh();
    for (const job of followed) for (const part of await job.news(feed)) yield part;
    await pause(clock, POLL_MS, signal);
  }
}

class FollowedJob {
  readonly #job: string;
  readonly #statsFile: string;
  readonly #sent = new Map<string, Curve>();
  #version = '';
  #stats: JobCurves | undefined;

  constructor(job: string, statsFile: string) {
    this.#job = job;
    this.#statsFile = statsFile;
  }

  async news(feed: RunFeed): Promise<readonly CurvePart[]> {
    await this.#readStats();
    const curves = this.#stats ?? feed.picture.curves(this.#job);
    if (curves === undefined) return [];
    return CURVE_NAMES.flatMap((name) => this.#compare(name, curves[name]) ?? []);
  }

  #compare(curve: CurvePart['curve'], { epochs, values }: Curve): CurvePart | undefined {
    const sent = this.#sent.get(curve) ?? { epochs: [], values: [] };
    let from = 0;
    while (
      from < sent.epochs.length &&
      sent.epochs[from] === epochs[from] &&
      sent.values[from] === values[from]
    )
      from++;
    if (from === epochs.length && from === sent.epochs.length) return undefined;
    this.#sent.set(curve, { epochs: [...epochs], values: [...values] });
    return { job: this.#job, curve, from, epochs: epochs.slice(from), values: values.slice(from) };
  }

  /** A file that is being replaced, or is none of ours, leaves what was known. */
  async #readStats(): Promise<void> {
    const found = await stat(this.#statsFile).catch(() => undefined);
    const version = found === undefined ? '' : `${found.mtimeMs} ${found.size}`;
    if (found === undefined || version === this.#version) return;
    this.#version = version;
    const parsed = trainStats.safeParse(await readJson(this.#statsFile));
    if (parsed.success) this.#stats = curvesOfStats(parsed.data);
  }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}
