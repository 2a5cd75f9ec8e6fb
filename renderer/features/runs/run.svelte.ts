import type { MmarId } from '../../../common/api/ids.ts';
import type { JobRow, RunHead, RunUpdate } from '../../../common/api/runs.ts';
import type { StopTime } from '../../../common/run/run-controls.ts';
import type { RunWorkers } from '../../../common/run/worker-status.ts';
import type { SearchParameter } from '../../../common/search-space/search-space.ts';
import { nameParameters } from '../../../common/charts/parameter-axis.ts';
import { api } from '../../api.ts';

/** Notes that are kept: as many as anybody scrolls through. */
const NOTES_KEPT = 500;

/** Where more rows than these are shown, they are put together for longer before they are shown anew. */
const MANY_ROWS = 1500;
const CALM_MS = 600;

export type RunNote = RunUpdate['notes'][number];

/** One run while it goes on, and after: its jobs, its workers, and what can be asked of it. */
export class RunModel {
  readonly mmar: MmarId;
  readonly run: string;
  #head = $state.raw<RunHead | undefined>(undefined);
  #workers = $state.raw<RunWorkers | undefined>(undefined);
  #parameters = $state.raw<readonly SearchParameter[]>([]);
  #rows = $state.raw<readonly JobRow[]>([]);
  #notes = $state.raw<readonly RunNote[]>([]);
  #isComplete = $state(false);
  #problem = $state.raw<unknown>(undefined);

  /** The newest first; the place of each by its job's number. */
  #jobs: JobRow[] = [];
  readonly #places = new Map<string, number>();
  #shownAt = 0;
  /** When the head came, as Date.now(). */
  #headAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #names = $derived(nameParameters(this.#parameters));

  constructor(mmar: MmarId, run: string) {
    this.mmar = mmar;
    this.run = run;
  }

  /** Undefined until the first news. */
  get head(): RunHead | undefined {
    return this.#head;
  }

  get workers(): RunWorkers | undefined {
    return this.#workers;
  }

  get parameters(): readonly SearchParameter[] {
    return this.#parameters;
  }

  /** Short names of the parameters by PRL. */
  get names(): ReadonlyMap<string, string> {
    return this.#names;
  }

  /** All jobs, in the order of starting. */
  get rows(): readonly JobRow[] {
    return this.#rows;
  }

  get notes(): readonly RunNote[] {
    return this.#notes;
  }

  /** Everything that is known of the run is here. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Why the run cannot be shown. */
  get problem(): unknown {
    return this.#problem;
  }

  /** It goes on, and this program carries it out. */
  get canSteer(): boolean {
    return this.#head?.state === 'running' && this.#head.place === 'here';
  }

  /** How long the run has been worked on; main says it only when something else has changed. @param nowMs as Date.now() */
  secondsAt(nowMs: number): number {
    const { seconds = 0, state } = this.#head ?? {};
    return state === 'running' ? seconds + Math.max(0, nowMs - this.#headAt) / 1000 : seconds;
  }

  find(job: string): JobRow | undefined {
    void this.#rows;
    const place = this.#places.get(job);
    return place === undefined ? undefined : this.#jobs[place];
  }

  /** Follows the run until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    this.#problem = undefined;
    try {
      for await (const update of api.runs.watch({ mmar: this.mmar, run: this.run }, { signal }))
        this.take(update);
    } catch (error) {
      if (!signal.aborted) this.#problem = error;
    } finally {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }

  /** Takes in what main says. */
  take({ isReset, isComplete, head, workers, space, jobs, notes }: RunUpdate): void {
    if (isReset) {
      this.#jobs = [];
      this.#places.clear();
      this.#notes = [];
    }
    if (head !== undefined) {
      this.#headAt = Date.now();
      this.#head = head;
    }
    if (workers !== undefined) this.#workers = workers;
    if (space !== undefined) this.#parameters = space.parameters;
    if (notes.length > 0) this.#notes = [...this.#notes, ...notes].slice(-NOTES_KEPT);
    for (const job of jobs) this.#put(job);
    this.#isComplete = isComplete;
    if (jobs.length > 0 || isReset) this.#show();
  }

  pause(worker?: string): Promise<unknown> {
    return api.runs.pause({ ...this.#ref, ...(worker === undefined ? {} : { worker }) });
  }

  unpause(worker?: string): Promise<unknown> {
    return api.runs.unpause({ ...this.#ref, ...(worker === undefined ? {} : { worker }) });
  }

  abort(job: string): Promise<unknown> {
    return api.runs.abortJob({ ...this.#ref, job });
  }

  /** @param resumable false: the run is finished, what waits is given up */
  stop(when: StopTime, resumable = true): Promise<unknown> {
    return api.runs.stop({ ...this.#ref, when, resumable });
  }

  async resume(): Promise<void> {
    await api.runs.resume(this.#ref);
  }

  get #ref(): { readonly mmar: MmarId; readonly run: string } {
    return { mmar: this.mmar, run: this.run };
  }

  #put(job: JobRow): void {
    const place = this.#places.get(job.job);
    if (place !== undefined) {
      this.#jobs[place] = job;
      return;
    }
    this.#places.set(job.job, this.#jobs.length);
    this.#jobs.push(job);
  }

  /** Ten thousand rows are not sorted five times a second. */
  #show(): void {
    const calmMs = this.#jobs.length > MANY_ROWS ? CALM_MS : 0;
    const wait = this.#shownAt + calmMs - performance.now();
    const show = (): void => {
      this.#timer = undefined;
      this.#shownAt = performance.now();
      this.#rows = [...this.#jobs];
    };
    if (wait <= 0) show();
    else this.#timer ??= setTimeout(show, wait);
  }
}
