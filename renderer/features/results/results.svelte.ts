import type { MmarId } from '../../../common/api/ids.ts';
import type { ClassScores, ContourGrid, Importance } from '../../../common/api/results.ts';
import type { JobRow, RunHead } from '../../../common/api/runs.ts';
import {
  makeParameterAxis,
  makeScoreAxis,
  type ParameterAxis,
} from '../../../common/charts/parameter-axis.ts';
import { domainOf } from '../../../common/charts/scale.ts';
import { compareJobs } from '../../../common/run/rank-jobs.ts';
import { api } from '../../api.ts';
import { keptLines, type Brushes, type ParallelLine } from '../../charts/parallel-lines.ts';
import { RunModel } from '../runs/run.svelte.ts';

/**
 * What a run has come to, for plots that are linked: the job under the mouse, the job that was picked, the jobs that pass
 * all brushes and the jobs that are compared are the same in all of them.
 */
export class ResultsModel {
  readonly run: RunModel;
  #importance = $state.raw<Importance | undefined>(undefined);
  #importanceProblem = $state.raw<unknown>(undefined);
  #contour = $state.raw<(ContourGrid & { readonly key: string }) | undefined>(undefined);
  #classes = $state.raw<{ readonly job: string; readonly scores: ClassScores | null }>();
  hovered = $state<string>();
  picked = $state<string>();
  brushes = $state.raw<Brushes>(new Map());
  /** Jobs whose boxes are ticked in the leaderboard. */
  selection = $state.raw<ReadonlySet<string>>(new Set());
  chosenParameter = $state<string>();
  secondParameter = $state<string>();

  /** Best first; those without a score last. */
  readonly #ranked = $derived.by(() => this.run.rows.toSorted(compareJobs));
  readonly #scored = $derived(this.#ranked.filter(({ score }) => score !== undefined));
  readonly #scoreAxis = $derived.by(() =>
    makeScoreAxis(domainOf(this.#scored.map(({ score }) => score!)), this.run.head?.keyMetric ?? 'score'),
  );
  readonly #axes = $derived.by(() => {
    const { parameters, names } = this.run;
    const axes = parameters.map((parameter) => makeParameterAxis(parameter, names.get(parameter.prl)!));
    // The most important ones stand next to the score, where lines can be followed best.
    const order = this.#importance?.rows.map(({ prl }) => prl) ?? [];
    const place = (key: string): number => order.indexOf(key);
    return axes.toSorted((a, b) => place(b.key) - place(a.key));
  });
  readonly #lines = $derived.by((): readonly ParallelLine[] =>
    this.#scored.map(({ job, score, values }) => {
      const share = this.#scoreAxis.unitOf(score) ?? 0;
      return { key: job, share, units: [...this.#axes.map((axis) => axis.unitOf(values[axis.key])), share] };
    }),
  );
  readonly #kept = $derived(keptLines(this.#lines, this.allAxes, this.brushes));
  readonly #scoreCount = $derived.by(
    () => this.run.rows.filter(({ score, state }) => score !== undefined && state !== 'running').length,
  );

  constructor(mmar: MmarId, run: string) {
    this.run = new RunModel(mmar, run);
  }

  get head(): RunHead | undefined {
    return this.run.head;
  }

  get ranked(): readonly JobRow[] {
    return this.#ranked;
  }

  /** Those that have a score, best first. */
  get scored(): readonly JobRow[] {
    return this.#scored;
  }

  /** The parameters' axes, the most important last. */
  get axes(): readonly ParameterAxis[] {
    return this.#axes;
  }

  get scoreAxis(): ParameterAxis {
    return this.#scoreAxis;
  }

  /** With the score's, which stands last. */
  get allAxes(): readonly ParameterAxis[] {
    return [...this.#axes, this.#scoreAxis];
  }

  get lines(): readonly ParallelLine[] {
    return this.#lines;
  }

  /** The jobs that pass all brushes; undefined while there is none. */
  get kept(): ReadonlySet<string> | undefined {
    return this.#kept;
  }

  /** How many jobs ended with a score: what importance is learned from. */
  get scoreCount(): number {
    return this.#scoreCount;
  }

  get importance(): Importance | undefined {
    return this.#importance;
  }

  get importanceProblem(): unknown {
    return this.#importanceProblem;
  }

  /** The job that is looked at: the one that was picked, else the best. */
  get shownJob(): string | undefined {
    return this.picked ?? this.head?.best?.job;
  }

  /** The shown job's scores per class, where its training says them and once they are here. */
  get classScores(): ClassScores | undefined {
    return this.#classes?.job === this.shownJob ? (this.#classes?.scores ?? undefined) : undefined;
  }

  /** The parameter that slices and contours show: the chosen one, else the most important. */
  get first(): ParameterAxis | undefined {
    const key = this.chosenParameter ?? this.#importance?.rows[0]?.prl ?? this.#axes[0]?.key;
    return this.#axes.find((axis) => axis.key === key);
  }

  /** The other parameter of the contour. */
  get second(): ParameterAxis | undefined {
    const first = this.first?.key;
    const ranked = this.#importance?.rows.map(({ prl }) => prl) ?? this.#axes.map(({ key }) => key);
    const wanted = this.secondParameter === first ? undefined : this.secondParameter;
    const key = wanted ?? ranked.find((prl) => prl !== first);
    return this.#axes.find((axis) => axis.key === key);
  }

  /** Expected scores over the two parameters, once they are here. */
  get contour(): ContourGrid | undefined {
    return this.#contour?.key === contourKey(this.first?.key, this.second?.key) ? this.#contour : undefined;
  }

  find(job: string): JobRow | undefined {
    return this.run.find(job);
  }

  follow(signal: AbortSignal): Promise<void> {
    return this.run.follow(signal);
  }

  /** Learns from the scores that there are now. */
  async readImportance(signal: AbortSignal): Promise<void> {
    try {
      this.#importance = await api.results.importance(this.#place, { signal });
      this.#importanceProblem = undefined;
    } catch (error) {
      if (!signal.aborted) this.#importanceProblem = error;
    }
  }

  async readClassScores(job: string, signal: AbortSignal): Promise<void> {
    try {
      const { scores } = await api.results.classScores({ ...this.#place, job }, { signal });
      this.#classes = { job, scores };
    } catch {
      // They are an addition to the job's score, which is shown all the same.
      if (!signal.aborted) this.#classes = { job, scores: null };
    }
  }

  async readContour(x: string, y: string, signal: AbortSignal): Promise<void> {
    try {
      const grid = await api.results.contour({ ...this.#place, x, y }, { signal });
      this.#contour = { ...grid, key: contourKey(x, y) };
    } catch {
      // Without an expectation the points are shown alone; importance says what is missing.
      this.#contour = undefined;
    }
  }

  /** Looks at a job; a second time, lets go of it. */
  pick(job: string): void {
    this.picked = this.picked === job ? undefined : job;
  }

  /** A job, its score and values, a line each. */
  describe(job: string): string {
    const row = this.find(job);
    if (row === undefined) return job;
    const values = this.#axes.map(({ key, title, textOf }) => {
      const value = row.values[key];
      return `${title}: ${value === undefined ? '–' : textOf(value)}`;
    });
    const score = row.score === undefined ? 'no score' : this.#scoreAxis.textOf(row.score);
    return [`${job}: ${score}`, ...values].join('\n');
  }

  get #place(): { readonly mmar: MmarId; readonly run: string } {
    return { mmar: this.run.mmar, run: this.run.run };
  }
}

const contourKey = (x: string | undefined, y: string | undefined): string => `${x} ${y}`;
