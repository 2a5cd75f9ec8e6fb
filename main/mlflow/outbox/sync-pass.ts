import { FaultError } from '../../../common/fault.ts';
import { findFileFault } from '../../../common/file-fault.ts';
import { TrackingFailure } from '../client/tracking-failure.ts';
import { listLocalRuns, type LocalRun } from './local-runs.ts';
import { describeDoubt } from './make-once.ts';
import { sendRegisteredModels } from './send-registered-models.ts';
import { sendRun } from './send-run.ts';
import type { SendingParts } from './sending-parts.ts';

export interface PassParts extends SendingParts {
  readonly now: () => number;
  /** Ends the pass between two calls. */
  readonly signal?: AbortSignal;
  /** Told after each run. */
  readonly onRun?: (runId: string) => void;
}

/** What a pass came to. */
export interface PassResult {
  /** Why it ended before its time: the server cannot be reached, or refuses us. The other runs wait. */
  readonly failure?: TrackingFailure;
  /** True when there is something to be looked at again soon: runs that go on, or that may be there twice. */
  readonly isUnfinished: boolean;
}

/** Goes over all runs once and sends what one server has not. Each run's state is kept as soon as it is known. */
export async function syncPass(parts: PassParts): Promise<PassResult> {
  let isUnfinished = false;
  for (const local of listLocalRuns(parts.store)) {
    parts.signal?.throwIfAborted();
    try {
      if (!(await syncRun(parts, local))) isUnfinished = true;
    } catch (error) {
      if (!(error instanceof TrackingFailure)) throw asFault(error);
      markAll(parts, local, error.message);
      return { failure: error, isUnfinished: true };
    }
    parts.onRun?.(local.run.info.run_id);
  }
  try {
    const { held, isDoubtful } = parts.allowList.sendsRegisteredModels
      ? await sendRegisteredModels(parts)
      : { held: [], isDoubtful: false };
    parts.ledger.keepHeldBack(NO_RUN, held);
    isUnfinished ||= isDoubtful;
  } catch (error) {
    if (!(error instanceof TrackingFailure)) throw asFault(error);
    return { failure: error, isUnfinished: true };
  }
  return { isUnfinished };
}

/** What is held back of registered models is of no run. */
const NO_RUN = '';

/** @returns true when nothing is left to do for the run */
async function syncRun(parts: PassParts, local: LocalRun): Promise<boolean> {
  const { ledger, place, now } = parts;
  const { run_id: runId } = local.run.info;
  const parent = local.parentRunId === undefined ? undefined : findParent(parts, local.parentRunId);
  if (parent === 'missing') {
    ledger.change(runId, { state: 'waiting', reason: 'the run that it is nested in is not there yet' });
    return false;
  }
  try {
    const isComplete = await sendAgainWhenGone(parts, local, parent);
    const doubtfulSince = place.doubtfulSince(runId);
    const isSynced = isComplete && doubtfulSince === undefined;
    const { state, synced_at: before } = ledger.get(runId);
    if (isSynced && state !== 'synced')
      ledger.change(runId, { state: 'synced', reason: null, synced_at: before ?? now() });
    if (!isSynced)
      ledger.change(runId, {
        state: 'waiting',
        reason:
          doubtfulSince === undefined || !isComplete
            ? 'it is still running; what there is was sent'
            : describeDoubt(doubtfulSince),
      });
    return isSynced;
  } catch (error) {
    if (!(error instanceof TrackingFailure) || !isAboutTheRun(error)) throw error;
    ledger.change(runId, { state: 'failed', reason: error.message });
    return true;
  }
}

/** A run that was sent before and is unknown there: the server was set up anew, so that it is sent anew, once. */
async function sendAgainWhenGone(
  parts: PassParts,
  local: LocalRun,
  parent: string | undefined,
): Promise<boolean> {
  try {
    return await sendRun(parts, local, parent);
  } catch (error) {
    if (!(error instanceof TrackingFailure) || error.errorCode !== 'RESOURCE_DOES_NOT_EXIST') throw error;
    parts.ledger.forget(local.run.info.run_id);
    parts.ledger.forgetExperiment(local.experiment.experiment_id);
    return sendRun(parts, local, parent);
  }
}

/** The parent's id there; undefined for one that is not here either, `missing` for one that has not been sent. */
function findParent({ store, ledger }: PassParts, localParentId: string): string | undefined {
  const remoteId = ledger.get(localParentId).remote_run_id;
  if (remoteId !== null) return remoteId;
  return store.runs.find(localParentId)?.info.lifecycle_stage === 'active' ? 'missing' : undefined;
}

/** The server is well and refuses this run: the others may go on. */
function isAboutTheRun({ kind, isPassing }: TrackingFailure): boolean {
  return kind === 'answer' && !isPassing;
}

/** The run whose turn it was, and all that are not there yet, wait for the server. */
function markAll({ store, ledger }: PassParts, from: LocalRun, reason: string): void {
  const runs = listLocalRuns(store).map(({ run }) => run.info.run_id);
  for (const runId of runs)
    if (runId === from.run.info.run_id || ledger.get(runId).state !== 'synced')
      ledger.change(runId, { state: 'waiting', reason });
}

function asFault(error: unknown): unknown {
  const fault = findFileFault(error, 'artifacts');
  return fault === undefined ? error : new FaultError(fault);
}
