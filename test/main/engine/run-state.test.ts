import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../../common/run/journal-event.ts';
import { emptyRunState, findEndedRounds, foldEvent, type RunState } from '../../../main/engine/run-state.ts';

const lease = (worker: string): { worker: string; devices: string[]; threads: number } => ({
  worker,
  devices: [],
  threads: 1,
});
const recommendations = (cause: string, round: number, ...ids: number[]): JournalEvent => ({
  type: 'recommendations',
  cause,
  ...(ids.length === 0 ? {} : { round }),
  recommendations: ids.map((id) => ({ id, values: {} })),
});
const started = (job: string, recommendationId: number, resume = false): JournalEvent => ({
  type: 'job_started',
  job,
  recommendationId,
  lease: lease(job.slice(0, job.indexOf('_'))),
  resume,
  concrete: {},
});
const ended = (job: string, score?: number): JournalEvent => ({
  type: 'job_ended',
  job,
  status: 'completed',
  seconds: 2,
  ...(score === undefined ? {} : { score }),
});
const fold = (...events: JournalEvent[]): RunState => events.reduce(foldEvent, emptyRunState);

describe('the state of a run', () => {
  it('follows a job from its recommendation to the answer to it', () => {
    const recommended = fold(recommendations('initial', 1, 0, 1));
    expect(recommended).toMatchObject({ begun: true, lastRound: 1, nextRecommendationId: 2 });
    expect(recommended.waiting.map(({ recommendation }) => recommendation.id)).toEqual([0, 1]);

    const running = foldEvent(recommended, started('W1_1_J1', 0));
    expect(running).toMatchObject({ jobsStarted: 1, jobsOfWorker: { W1: 1 } });
    expect(running.running.map(({ name }) => name)).toEqual(['W1_1_J1']);

    const over = foldEvent(running, ended('W1_1_J1', 0.7));
    expect(over).toMatchObject({ jobsEnded: 1, secondsOfEnded: 2, best: { job: 'W1_1_J1', score: 0.7 } });
    expect(over.unanswered).toEqual([
      { name: 'W1_1_J1', outcome: { recommendationId: 0, status: 'completed', score: 0.7 } },
    ]);

    expect(foldEvent(over, recommendations('W1_1_J1', 2)).unanswered).toEqual([]);
  });

  it('knows when a batch is over', () => {
    const batch = [recommendations('initial', 1, 0, 1), started('W1_1_J1', 0), started('W2_1_J2', 1)];
    expect(findEndedRounds(fold(...batch, ended('W2_1_J2')))).toEqual([]);
    const over = fold(...batch, ended('W2_1_J2'), ended('W1_1_J1'));
    expect(findEndedRounds(over)).toEqual([{ round: 1, jobs: ['W1_1_J1', 'W2_1_J2'] }]);
    expect(findEndedRounds(foldEvent(over, { type: 'round_ended', round: 1, jobs: [] }))).toEqual([]);
  });

  it('prefers the earlier of two jobs with the same score, whichever ended first', () => {
    const state = fold(
      recommendations('initial', 1, 0, 1),
      started('W1_1_J1', 0),
      started('W2_1_J2', 1),
      ended('W2_1_J2', 0.5),
      ended('W1_1_J1', 0.5),
    );
    expect(state.best?.job).toBe('W1_1_J1');
  });

  it('puts what was running back when it is resumed, and lifts a stop that allows it', () => {
    const before = [recommendations('initial', 1, 0), started('W1_1_J1', 0)];
    const stop = (resumable: boolean): JournalEvent => ({
      type: 'stop_requested',
      issuer: 'x',
      reason: 'y',
      resumable,
    });
    const resumed: JournalEvent = { type: 'resumed', host: { versions: {}, workers: '0', pid: 1 } };
    const state = fold(...before, stop(true), resumed);
    expect(state).toMatchObject({ running: [], interrupted: [{ name: 'W1_1_J1' }] });
    expect(state.stop).toBeUndefined();
    expect(fold(...before, stop(false), resumed).stop).toMatchObject({ resumable: false });
    expect(foldEvent(state, started('W1_1_J1', 0, true))).toMatchObject({
      running: [{ name: 'W1_1_J1' }],
      interrupted: [],
      jobsStarted: 1,
    });
  });

  it.each([
    ['an end without a start', [ended('W1_1_J1')], 'W1_1_J1 was not running'],
    [
      'a start out of turn',
      [recommendations('initial', 1, 0, 1), started('W1_1_J1', 1)],
      'recommendation 1 was not next',
    ],
    ['a restart of what was not interrupted', [started('W1_1_J1', 0, true)], 'W1_1_J1 was not interrupted'],
  ])('does not follow from %s', (_, events, message) => {
    expect(() => fold(...events)).toThrow(message);
  });

  it('never loses or doubles a recommendation, whatever happens in which order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5), { maxLength: 80 }), (choices) => {
        const state = choices.reduce(step, emptyRunState);
        const ids = [
          ...state.waiting.map(({ recommendation }) => recommendation.id),
          ...state.running.map(({ recommendation }) => recommendation.id),
          ...state.interrupted.map(({ recommendation }) => recommendation.id),
        ];
        expect(new Set(ids).size).toBe(ids.length);
        expect(ids.length + state.jobsEnded).toBe(state.nextRecommendationId);
        const open = [...state.rounds.values()].reduce((sum, round) => sum + round.open, 0);
        expect(open).toBe(ids.length);
      }),
    );
  });
});

/** Any event that is possible now, chosen by a number. */
function step(state: RunState, choice: number): RunState {
  const event = [
    () =>
      recommendations(
        state.unanswered[0]?.name ?? 'initial',
        state.lastRound + 1,
        state.nextRecommendationId,
        state.nextRecommendationId + 1,
      ),
    () => {
      const [next] = state.waiting;
      return next && started(`W1_1_J${state.jobsStarted + 1}`, next.recommendation.id);
    },
    () => state.running.at(-1) && ended(state.running.at(-1)!.name, choice),
    () =>
      state.running[0] &&
      ({ type: 'job_interrupted', job: state.running[0].name, reason: '', seconds: 1 } as const),
    () =>
      state.interrupted[0] &&
      started(state.interrupted[0].name, state.interrupted[0].recommendation.id, true),
    () => ({ type: 'resumed', host: { versions: {}, workers: '', pid: 1 } }) as const,
  ][choice]!();
  return event === undefined ? state : foldEvent(state, event);
}
