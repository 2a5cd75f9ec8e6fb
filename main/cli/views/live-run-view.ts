import type { JobProgress, RunProgress } from '../../../common/run/progress.ts';
import type { RunObservation } from '../../../common/run/run-observation.ts';
import { makePrintable } from '../../../common/text/printable.ts';
import { countOf, cutTo, formatNumber, formatSeconds } from '../format.ts';
import type { Output } from '../output.ts';
import { describeEnd, describeProgress } from './describe-job.ts';
import type { RunView } from './run-view.ts';

const BAR_CELLS = 24;
/** Fast enough to look alive, slow enough to cost nothing. */
const REDRAW_MS = 200;

interface RunningJob {
  readonly job: string;
  readonly progress: JobProgress;
}

/** For a terminal: ended jobs scroll by above, the run and one line per worker stay below and are redrawn in place. */
export class LiveRunView implements RunView {
  readonly #output: Output;
  /** By worker. */
  readonly #running = new Map<string, RunningJob>();
  #run: RunProgress | undefined;
  #drawnLines = 0;
  #redraw: NodeJS.Timeout | undefined;

  constructor(output: Output) {
    this.#output = output;
  }

  observe(observation: RunObservation): void {
    switch (observation.type) {
      case 'job': {
        const { record } = observation;
        if (record.state === 'running') this.#running.set(record.worker, { job: record.job, progress: {} });
        else {
          this.#running.delete(record.worker);
          this.#print(describeEnd(record));
        }
        break;
      }
      case 'job-progress': {
        const { job, worker, progress } = observation;
        const before = this.#running.get(worker);
        if (before?.job !== job) return;
        this.#running.set(worker, { job, progress: { ...before.progress, ...progress } });
        break;
      }
      case 'run-progress':
        this.#run = observation.progress;
        break;
      case 'log':
        if (observation.level === 'info') return;
        this.#print(`${observation.job}  ${observation.level}: ${observation.text}`);
        break;
      case 'trace':
        this.#print(`${observation.issuer}: ${observation.text}`);
        break;
      case 'workers':
      case 'entry':
        return;
    }
    this.#redraw ??= setTimeout(() => this.#draw(), REDRAW_MS);
  }

  close(): void {
    clearTimeout(this.#redraw);
    this.#erase();
  }

  #print(line: string): void {
    this.#erase();
    this.#output.line(line);
    this.#draw();
  }

  #draw(): void {
    clearTimeout(this.#redraw);
    this.#redraw = undefined;
    this.#erase();
    const width = this.#output.columns() - 1;
    const lines = [this.#runLine(), ...this.#workerLines()].map((line) => cutTo(makePrintable(line), width));
    this.#output.raw(lines.map((line) => `${line}\n`).join(''));
    this.#drawnLines = lines.length;
  }

  #erase(): void {
    if (this.#drawnLines > 0) this.#output.raw(`\u001b[${this.#drawnLines}A\u001b[0J`);
    this.#drawnLines = 0;
  }

  #runLine(): string {
    if (this.#run === undefined) return 'starting';
    const { jobsDone, jobsPlanned, jobsRunning, bestScore, bestJob, secondsElapsed, secondsLeft } = this.#run;
    const bar = jobsPlanned === undefined ? '' : `${drawBar(jobsDone / Math.max(1, jobsPlanned))} `;
    const jobs = jobsPlanned === undefined ? countOf(jobsDone, 'job') : `${jobsDone}/${jobsPlanned} jobs`;
    const best = bestJob === undefined ? 'no score yet' : `best ${formatNumber(bestScore)} (${bestJob})`;
    const time = `${formatSeconds(secondsElapsed)} elapsed, about ${formatSeconds(secondsLeft)} left`;
    return `${bar}${jobs}, ${jobsRunning} running, ${best}, ${time}`;
  }

  #workerLines(): string[] {
    return [...this.#running]
      .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
      .map(([worker, { job, progress }]) => `${worker}  ${job.padEnd(10)}  ${describeProgress(progress)}`);
  }
}

function drawBar(share: number): string {
  const full = Math.round(Math.min(1, share) * BAR_CELLS);
  return '█'.repeat(full) + '░'.repeat(BAR_CELLS - full);
}
