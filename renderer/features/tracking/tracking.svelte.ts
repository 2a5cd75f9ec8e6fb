import type {
  ExperimentRow,
  TrackedRun,
  TrackingColumns,
  TrackingStatus,
  TrackingView,
} from '../../../common/api/tracking.ts';
import { api } from '../../api.ts';
import type { Sorting } from '../../ui/table-column.ts';
import { describeOrder } from './run-columns.ts';

/** Which runs of a search are listed: all, those of searches themselves, or those of their jobs. */
export type RunKind = 'all' | 'searches' | 'jobs';

const pageSize = 500;
/** In MLflow's grammar, which knows AND alone. */
const kindFilters: Readonly<Record<RunKind, string>> = {
  all: '',
  searches: 'tags.`mlflow.parentRunId` IS NULL',
  jobs: 'tags.`mlflow.parentRunId` IS NOT NULL',
};
const noColumns: TrackingColumns = { metrics: [], params: [], tags: [] };

/** The tracking store as one looks through it: experiments at the left, their runs in a table. */
export class TrackingModel {
  #status = $state.raw<TrackingStatus | undefined>(undefined);
  #experiments = $state.raw<readonly ExperimentRow[] | undefined>(undefined);
  #runs = $state.raw<readonly TrackedRun[] | undefined>(undefined);
  #columns = $state.raw<TrackingColumns>(noColumns);
  #nextPage = $state<string | undefined>(undefined);
  #problem = $state.raw<unknown>(undefined);
  #filterProblem = $state.raw<unknown>(undefined);
  #isReading = $state(false);
  #chosen = $state.raw<readonly string[]>([]);
  #filter = $state('');
  #view = $state<TrackingView>('active');
  #sorting = $state.raw<Sorting | undefined>(undefined);
  #asked = 0;
  #kind = $state<RunKind>('all');
  active = $state<string | undefined>(undefined);
  selection = $state.raw<ReadonlySet<string>>(new Set());

  get status(): TrackingStatus | undefined {
    return this.#status;
  }

  /** Undefined until they are read. */
  get experiments(): readonly ExperimentRow[] | undefined {
    return this.#experiments;
  }

  /** Undefined until they are read. */
  get runs(): readonly TrackedRun[] | undefined {
    return this.#runs;
  }

  get columns(): TrackingColumns {
    return this.#columns;
  }

  get hasMore(): boolean {
    return this.#nextPage !== undefined;
  }

  get problem(): unknown {
    return this.#problem;
  }

  /** What MLflow's grammar says against the filter. */
  get filterProblem(): unknown {
    return this.#filterProblem;
  }

  get isReading(): boolean {
    return this.#isReading;
  }

  /** Ids of the experiments whose runs are listed; none means all. */
  get chosen(): readonly string[] {
    return this.#chosen;
  }

  get filter(): string {
    return this.#filter;
  }

  get view(): TrackingView {
    return this.#view;
  }

  get kind(): RunKind {
    return this.#kind;
  }

  get sorting(): Sorting | undefined {
    return this.#sorting;
  }

  /**
   * The runs come in the order that is wanted: more of them follow, and the store has put those first that belong there. All of
   * them, once they are read, are ordered by the table, which takes params that are numbers for numbers.
   */
  get isOrdered(): boolean {
    return this.hasMore && describeOrder(this.#sorting) !== undefined;
  }

  /** Reads all, and again whenever the store changes, until the signal aborts. */
  async follow(signal: AbortSignal): Promise<void> {
    this.#problem = undefined;
    try {
      this.#status = await api.tracking.status({});
      for await (const _change of api.tracking.changes({}, { signal })) {
        this.#experiments = await api.tracking.experiments({ view: 'active' });
        await this.#readRuns();
      }
    } catch (error) {
      if (!signal.aborted) this.#problem = error;
    }
  }

  async choose(experiments: readonly string[]): Promise<void> {
    this.#chosen = experiments;
    this.selection = new Set();
    await this.#readRuns();
  }

  async search(filter: string): Promise<void> {
    this.#filter = filter.trim();
    await this.#readRuns();
  }

  async showKind(kind: RunKind): Promise<void> {
    this.#kind = kind;
    this.selection = new Set();
    await this.#readRuns();
  }

  /** Orders all runs that are found, not only those that are listed. */
  async sort(sorting: Sorting | undefined): Promise<void> {
    const wasAsked = describeOrder(this.#sorting);
    this.#sorting = sorting;
    if (this.hasMore && describeOrder(sorting) !== wasAsked) await this.#readRuns();
  }

  async show(view: TrackingView): Promise<void> {
    this.#view = view;
    this.selection = new Set();
    await this.#readRuns();
  }

  /** Adds the runs that follow those that are listed. */
  async readMore(): Promise<void> {
    const page = this.#nextPage;
    if (page === undefined) return;
    const asked = this.#asked;
    const more = await api.tracking.runs({ ...this.#question(), page });
    if (asked !== this.#asked) return;
    this.#runs = [...(this.#runs ?? []), ...more.runs];
    this.#nextPage = more.nextPage;
  }

  #question() {
    const order = describeOrder(this.#sorting);
    return {
      experiments: [...this.#chosen],
      filter: [this.#filter, kindFilters[this.#kind]].filter(Boolean).join(' AND '),
      orderBy: order === undefined ? [] : [order],
      view: this.#view,
      limit: pageSize,
    };
  }

  /** Only the answer to the last question counts. */
  async #readRuns(): Promise<void> {
    const asked = ++this.#asked;
    this.#isReading = true;
    try {
      const [{ runs, nextPage }, columns] = await Promise.all([
        api.tracking.runs(this.#question()),
        api.tracking.columns({ experiments: [...this.#chosen] }),
      ]);
      if (asked !== this.#asked) return;
      this.#runs = runs;
      this.#nextPage = nextPage;
      this.#columns = columns;
      this.#filterProblem = undefined;
    } catch (error) {
      if (asked !== this.#asked) return;
      if (this.#filter === '') this.#problem = error;
      else this.#filterProblem = error;
    } finally {
      if (asked === this.#asked) this.#isReading = false;
    }
  }
}
