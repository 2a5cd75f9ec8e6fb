import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalEvent } from '../../common/run/journal-event.ts';
import { makeSeededRandom } from '../../common/random/seeded-random.ts';
import { encodeLine } from '../../main/journal/journal-line.ts';

export const WORKERS = 8;
const EPOCHS = 20;
const PRLS = ['lr.float.$0:learning_rate', 'net.enum.train.model$0:norm', 'train.float.$1:prob'] as const;

/** Writes the journal of a search that was never trained, as its engine would have: entries with their numbers and checksums. */
export class MadeRun {
  readonly folder: string;
  readonly #journal: string;
  readonly #random = makeSeededRandom(4);
  #seq = 0;
  #atMs = Date.parse('2020-01-01T00:00:00Z');
  #jobs = 0;
  /** Jobs whose end has not brought a recommendation yet: each brings one, as from a controller that learns from every job. */
  readonly #unanswered: string[] = [];
  #lines: string[] = [];

  /** @param mmarRoot absolute path */
  constructor(mmarRoot: string, run: string) {
    this.folder = join(mmarRoot, 'automl', run);
    this.#journal = join(this.folder, 'journal.jsonl');
    mkdirSync(this.folder, { recursive: true });
    writeFileSync(this.#journal, '');
    this.#add({
      type: 'run_created',
      format: 1,
      identity: {
        runId: run,
        seed: 1,
        numWorkers: WORKERS,
        controller: 'RandomController',
        executor: 'MMARExecutor',
        handlers: [],
        digests: {},
        trusted: false,
      },
      host: {
        versions: {},
        workers: '0:1:2:3:4:5:6:7',
        devices: Array.from({ length: WORKERS }, (_, index) => [String(index)]),
        pid: process.pid,
      },
      settings: {},
    });
    const base = { domain: 'x', conditions: [] };
    this.#add({
      type: 'search_space',
      space: {
        parameters: [
          { ...base, prl: PRLS[0], type: 'float', args: ['learning_rate'], min: 1e-4, max: 1e-2, log: true },
          { ...base, prl: PRLS[1], type: 'enum', args: ['norm'], choices: [['batch'], ['instance']] },
          { ...base, prl: PRLS[2], type: 'float', args: ['prob'], min: 0, max: 1, log: false },
        ],
      },
    });
  }

  /** Jobs that have ended, one after the other. */
  addEndedJobs(count: number): void {
    for (let index = 0; index < count; index++) {
      const job = this.startJob();
      this.progress(job, EPOCHS);
      this.endJob(job);
    }
    this.flush();
  }

  startJob(): string {
    const id = this.#jobs++;
    const worker = (id % WORKERS) + 1;
    const job = `W${worker}_${Math.floor(id / WORKERS) + 1}_J${id + 1}`;
    const { uniform } = this.#random;
    const values = { [PRLS[0]]: 10 ** (-4 + 2 * uniform()), [PRLS[1]]: id % 2, [PRLS[2]]: uniform() };
    this.#add({
      type: 'recommendations',
      cause: this.#unanswered.shift() ?? 'initial',
      round: id + 1,
      recommendations: [{ id, values }],
      jobsPlanned: 20_000,
    });
    this.#add({
      type: 'job_started',
      job,
      recommendationId: id,
      lease: { worker: `W${worker}`, devices: [String(worker - 1)], threads: 2 },
      resume: false,
      concrete: {},
    });
    return job;
  }

  progress(job: string, epoch: number): void {
    const score = 0.5 + 0.4 * (epoch / EPOCHS) * this.#random.uniform();
    this.#add({
      type: 'job_progress',
      job,
      progress: {
        epoch,
        epochs: EPOCHS,
        iteration: 10,
        iterationsPerEpoch: 10,
        loss: 1 / epoch,
        learningRate: 1e-3,
        metrics: { val_mean_dice: score },
        keyMetric: 'val_mean_dice',
        bestMetric: score,
        bestEpoch: epoch,
        secondsLeft: (EPOCHS - epoch) * 3,
        provider: 'cuda',
      },
    });
  }

  endJob(job: string): void {
    const score = 0.5 + 0.45 * this.#random.uniform();
    this.#add({
      type: 'job_ended',
      job,
      status: 'completed',
      score,
      seconds: 60,
      bestEpoch: EPOCHS,
      epochs: EPOCHS,
    });
    this.#unanswered.push(job);
    const round = Number(/J(\d+)$/.exec(job)![1]);
    this.#add({ type: 'round_ended', round, jobs: [job] });
  }

  /** Puts what was added into the file. */
  flush(): void {
    appendFileSync(this.#journal, this.#lines.join(''));
    this.#lines = [];
  }

  get epochs(): number {
    return EPOCHS;
  }

  /** That were started. */
  get jobs(): number {
    return this.#jobs;
  }

  #add(event: JournalEvent): void {
    this.#atMs += 500;
    this.#lines.push(`${encodeLine({ seq: ++this.#seq, at: new Date(this.#atMs).toISOString(), event })}\n`);
  }
}
