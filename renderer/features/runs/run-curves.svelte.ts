import type { MmarId } from '../../../common/api/ids.ts';
import type { CurvePart } from '../../../common/api/runs.ts';
import { api } from '../../api.ts';

/** Points of one curve. */
export interface CurvePoints {
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

export type CurveName = CurvePart['curve'];

const SHOW_INTERVAL_MS = 250;

/** The curves of some jobs of a run, as they grow. */
export class RunCurves {
  readonly #mmar: MmarId;
  readonly #run: string;
  #shown = $state.raw<ReadonlyMap<string, CurvePoints>>(new Map());
  #points = new Map<string, CurvePoints>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #problem = $state.raw<unknown>(undefined);

  constructor(mmar: MmarId, run: string) {
    this.#mmar = mmar;
    this.#run = run;
  }

  get problem(): unknown {
    return this.#problem;
  }

  /** Undefined while a job has no point of this curve. */
  points(job: string, curve: CurveName): CurvePoints | undefined {
    return this.#shown.get(`${curve} ${job}`);
  }

  /** Follows these jobs until the signal aborts; curves of others are let go. */
  async follow(jobs: readonly string[], signal: AbortSignal): Promise<void> {
    const wanted = new Set(jobs);
    this.#points = new Map([...this.#points].filter(([key]) => wanted.has(key.split(' ')[1]!)));
    this.#show();
    if (jobs.length === 0) return;
    try {
      const input = { mmar: this.#mmar, run: this.#run, jobs: [...jobs] };
      for await (const part of api.runs.curves(input, { signal })) this.take(part);
    } catch (error) {
      if (!signal.aborted) this.#problem = error;
    } finally {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }

  /** Puts a part in place of what stood there. */
  take({ job, curve, from, epochs, values }: CurvePart): void {
    const key = `${curve} ${job}`;
    const known = this.#points.get(key) ?? { x: [], y: [] };
    this.#points.set(key, {
      x: [...known.x.slice(0, from), ...epochs],
      y: [...known.y.slice(0, from), ...values],
    });
    this.#timer ??= setTimeout(() => this.#show(), SHOW_INTERVAL_MS);
  }

  #show(): void {
    this.#timer = undefined;
    this.#shown = new Map(this.#points);
  }
}
