import type {
  JournalEvent,
  JournalEventOf,
  RunIdentity,
  WorkerLease,
} from '../../common/run/journal-event.ts';
import { compareJobs } from '../../common/run/rank-jobs.ts';
import type { SearchSpace } from '../../common/search-space/search-space.ts';
import type { Outcome, Recommendation } from '../controllers/controller.ts';

/** A recommendation and the batch that it came in. */
export interface Waiting {
  readonly recommendation: Recommendation;
  readonly round: number;
}

/** A job that was started and has not ended. */
export interface StartedJob extends Waiting {
  readonly name: string;
  readonly lease: WorkerLease;
  /** Somebody asked for its end, for good: why. */
  readonly abort?: string;
}

/** A job that has ended, and what the controller will be told of it. */
export interface EndedJob {
  readonly name: string;
  readonly outcome: Outcome;
}

/** A batch of recommendations: which jobs it became, and how many of it have not ended. */
export interface Round {
  readonly jobs: readonly string[];
  readonly open: number;
}

/**
 * What the engine has to know to go on: small however many jobs have ended, and nothing but a fold over the journal.
 */
export interface RunState {
  readonly identity?: RunIdentity;
  readonly space?: SearchSpace;
  /** Started before, to be run again: they come before everything that waits. */
  readonly interrupted: readonly StartedJob[];
  readonly waiting: readonly Waiting[];
  readonly running: readonly StartedJob[];
  /** Ended, in the order of ending; the controller's answer to them is not in the journal yet. */
  readonly unanswered: readonly EndedJob[];
  /** The batches that have not ended, by number. */
  readonly rounds: ReadonlyMap<number, Round>;
  readonly lastRound: number;
  /** The controller has been asked for its first recommendations. */
  readonly begun: boolean;
  /** One more than the highest id of a recommendation. */
  readonly nextRecommendationId: number;
  readonly jobsStarted: number;
  readonly jobsEnded: number;
  /** Wall-clock seconds that the ended jobs took together. */
  readonly secondsOfEnded: number;
  readonly jobsOfWorker: Readonly<Record<string, number>>;
  readonly jobsPlanned?: number;
  /** No worker takes a new job. */
  readonly isPaused: boolean;
  /** The workers that take no new job, by name. */
  readonly pausedWorkers: readonly string[];
  readonly best?: { readonly job: string; readonly score: number };
  readonly stop?: Omit<JournalEventOf<'stop_requested'>, 'type'>;
  readonly end?: Omit<JournalEventOf<'run_ended'>, 'type'>;
}

export const emptyRunState: RunState = {
  interrupted: [],
  waiting: [],
  running: [],
  unanswered: [],
  rounds: new Map(),
  lastRound: 0,
  begun: false,
  nextRecommendationId: 0,
  jobsStarted: 0,
  jobsEnded: 0,
  secondsOfEnded: 0,
  jobsOfWorker: {},
  isPaused: false,
  pausedWorkers: [],
};

/** The state after one more event. Events that change nothing for the engine give the same state. */
export function foldEvent(state: RunState, event: JournalEvent): RunState {
  switch (event.type) {
    case 'run_created':
      return { ...state, identity: event.identity };
    case 'search_space':
      return { ...state, space: event.space };
    case 'recommendations':
      return foldRecommendations(state, event);
    case 'job_started':
      return foldStart(state, event);
    case 'job_interrupted':
      return foldInterruption(state, event.job);
    case 'job_ended':
      return foldEnd(state, event);
    case 'round_ended':
      return { ...state, rounds: new Map([...state.rounds].filter(([round]) => round !== event.round)) };
    case 'stop_requested':
      return { ...state, stop: withoutType(event) };
    case 'paused':
    case 'unpaused':
      return foldPause(state, event.type === 'paused', event.worker);
    case 'abort_requested':
      return foldAbort(state, event);
    case 'run_ended':
      return { ...state, end: withoutType(event) };
    case 'resumed':
      return foldResume(state);
    case 'job_progress':
    case 'component_failed':
      return state;
  }
}

/** The batches whose jobs have all ended and that are not journalled as ended. */
export function findEndedRounds(state: RunState): readonly { round: number; jobs: readonly string[] }[] {
  return [...state.rounds].filter(([, { open }]) => open === 0).map(([round, { jobs }]) => ({ round, jobs }));
}

function foldRecommendations(state: RunState, event: JournalEventOf<'recommendations'>): RunState {
  const { recommendations, round, cause, jobsPlanned = state.jobsPlanned } = event;
  const answered = {
    ...state,
    begun: true,
    unanswered: state.unanswered.filter(({ name }) => name !== cause),
    ...(jobsPlanned === undefined ? {} : { jobsPlanned }),
  };
  if (round === undefined) return answered;
  return {
    ...answered,
    waiting: [...state.waiting, ...recommendations.map((recommendation) => ({ recommendation, round }))],
    rounds: new Map(state.rounds).set(round, { jobs: [], open: recommendations.length }),
    lastRound: round,
    nextRecommendationId: recommendations.reduce(
      (next, { id }) => Math.max(next, id + 1),
      state.nextRecommendationId,
    ),
  };
}

function foldStart(state: RunState, event: JournalEventOf<'job_started'>): RunState {
  const { job: name, lease } = event;
  if (event.resume) {
    const again = state.interrupted.find((job) => job.name === name);
    if (again === undefined) throw outOfOrder(event, `${name} was not interrupted`);
    return {
      ...state,
      interrupted: state.interrupted.filter((job) => job !== again),
      running: [...state.running, { ...again, lease }],
    };
  }
  const [next, ...waiting] = state.waiting;
  if (next?.recommendation.id !== event.recommendationId)
    throw outOfOrder(event, `recommendation ${event.recommendationId} was not next`);
  const round = state.rounds.get(next.round)!;
  return {
    ...state,
    waiting,
    running: [...state.running, { ...next, name, lease }],
    rounds: new Map(state.rounds).set(next.round, { ...round, jobs: [...round.jobs, name] }),
    jobsStarted: state.jobsStarted + 1,
    jobsOfWorker: { ...state.jobsOfWorker, [lease.worker]: (state.jobsOfWorker[lease.worker] ?? 0) + 1 },
  };
}

function foldPause(state: RunState, isPaused: boolean, worker: string | undefined): RunState {
  if (worker === undefined) return { ...state, isPaused };
  const others = state.pausedWorkers.filter((name) => name !== worker);
  return { ...state, pausedWorkers: isPaused ? [...others, worker] : others };
}

function foldAbort(state: RunState, event: JournalEventOf<'abort_requested'>): RunState {
  if (!state.running.some(({ name }) => name === event.job))
    throw outOfOrder(event, `${event.job} was not running`);
  return {
    ...state,
    running: state.running.map((job) => (job.name === event.job ? { ...job, abort: event.reason } : job)),
  };
}

function foldInterruption(state: RunState, name: string): RunState {
  const job = state.running.find((running) => running.name === name);
  if (job === undefined) throw new Error(`${name} was interrupted without running`);
  return {
    ...state,
    running: state.running.filter((running) => running !== job),
    interrupted: [...state.interrupted, job],
  };
}

function foldEnd(state: RunState, event: JournalEventOf<'job_ended'>): RunState {
  const { job: name, score, status } = event;
  const job = [...state.running, ...state.interrupted].find((started) => started.name === name);
  if (job === undefined) throw outOfOrder(event, `${name} was not running`);
  const round = state.rounds.get(job.round)!;
  const isBest =
    score !== undefined && (state.best === undefined || compareJobs({ job: name, score }, state.best) < 0);
  return {
    ...state,
    running: state.running.filter((running) => running !== job),
    interrupted: state.interrupted.filter((interrupted) => interrupted !== job),
    unanswered: [
      ...state.unanswered,
      { name, outcome: { recommendationId: job.recommendation.id, status, score } },
    ],
    rounds: new Map(state.rounds).set(job.round, { ...round, open: round.open - 1 }),
    jobsEnded: state.jobsEnded + 1,
    secondsOfEnded: state.secondsOfEnded + event.seconds,
    ...(isBest ? { best: { job: name, score } } : {}),
  };
}

/** What was running was running in a process that is gone. Pauses are lifted, and a stop that allows it. */
function foldResume(state: RunState): RunState {
  const { stop, end: _end, ...rest } = state;
  return {
    ...rest,
    interrupted: [...state.interrupted, ...state.running],
    running: [],
    isPaused: false,
    pausedWorkers: [],
    ...(stop === undefined || stop.resumable ? {} : { stop }),
  };
}

function withoutType<T extends { readonly type: string }>(event: T): Omit<T, 'type'> {
  const { type: _type, ...rest } = event;
  return rest;
}

function outOfOrder(event: JournalEvent, reason: string): Error {
  return new Error(`the event ${event.type} does not follow from the journal before it: ${reason}`);
}
