import type { Experiment, Run } from '../../../common/mlflow/entities.ts';
import { OUTERLOOP_TAGS } from '../../../common/mlflow/outerloop-tags.ts';
import type { TrackingClient } from '../client/tracking-client.ts';
import { TrackingFailure } from '../client/tracking-failure.ts';
import type { AllowList } from '../redact/allow-list.ts';
import type { LocalRun } from './local-runs.ts';
import { makeOnce, type Once } from './make-once.ts';
import { digestOf, reviewExperiment, type ReviewedRun } from './review-run.ts';
import type { RunLedger } from './run-ledger.ts';

/** A run at the server. */
export interface RemoteRun {
  readonly runId: string;
  readonly artifactUri: string;
}

export interface PlaceParts {
  readonly client: TrackingClient;
  readonly ledger: RunLedger;
  readonly allowList: AllowList;
  readonly now: () => number;
}

/** Finds or makes the experiments and runs of the local store at one server, each once. */
export class RemotePlace {
  readonly #parts: PlaceParts;
  /** Experiments that were seen to be there since this began. */
  readonly #seen = new Map<string, string>();
  #version: Promise<string> | undefined;

  constructor(parts: PlaceParts) {
    this.#parts = parts;
  }

  /** Milliseconds since 1970. */
  get now(): () => number {
    return this.#parts.now;
  }

  /** The experiment's id there. Its tags are set where ours have changed. */
  async openExperiment(experiment: Experiment): Promise<string> {
    const localId = experiment.experiment_id;
    const seen = this.#seen.get(localId);
    if (seen !== undefined) return seen;
    const { client, ledger, allowList } = this.#parts;
    const { name, tags } = reviewExperiment(experiment, allowList);
    const told = digestOf({ name, tags });
    const known = ledger.findExperiment(localId);
    const remoteId = await this.#findExperiment(name, localId);
    if (known?.remote_id !== remoteId || known.told !== told) {
      for (const tag of tags) await client.setExperimentTag(remoteId, tag);
      ledger.keepExperiment(localId, remoteId, told);
    }
    this.#seen.set(localId, remoteId);
    return remoteId;
  }

  /**
   * The run there: the one that was made before, else one that carries our uid, else a new one. Should a server have made two,
   * as its answer to the first try was lost, the second is deleted.
   */
  async openRun(local: LocalRun, reviewed: ReviewedRun): Promise<RemoteRun> {
    const { ledger } = this.#parts;
    const { run_id: localId } = local.run.info;
    const account = ledger.get(localId);
    if (account.remote_run_id !== null && account.doubtful_since === null)
      return { runId: account.remote_run_id, artifactUri: account.artifact_uri ?? '' };
    const experimentId = await this.openExperiment(local.experiment);
    const { info } = await makeOnce(this.#once(local, reviewed, experimentId));
    return { runId: info.run_id, artifactUri: info.artifact_uri };
  }

  /** Since when a second run, or a second one of its models, may turn up; undefined when none can. */
  doubtfulSince(localId: string): number | undefined {
    const { ledger } = this.#parts;
    return ledger.get(localId).doubtful_since ?? ledger.models.doubtfulSince(localId);
  }

  /** False for a server of MLflow 2. Asked once. */
  async hasLoggedModels(): Promise<boolean> {
    this.#version ??= this.#parts.client.version();
    return Number.parseInt(await this.#version, 10) >= 3;
  }

  #once(local: LocalRun, { name, tags }: ReviewedRun, experimentId: string): Once<Run> {
    const { client, ledger, now } = this.#parts;
    const { run_id: localId, start_time } = local.run.info;
    return {
      now,
      account: () => {
        const { remote_run_id, doubtful_since, lost_answers } = ledger.get(localId);
        return { remoteId: remote_run_id, doubtfulSince: doubtful_since, lostAnswers: lost_answers };
      },
      change: ({ remoteId, doubtfulSince, lostAnswers }) =>
        ledger.change(localId, {
          ...(remoteId === undefined ? {} : { remote_run_id: remoteId }),
          ...(doubtfulSince === undefined ? {} : { doubtful_since: doubtfulSince }),
          ...(lostAnswers === undefined ? {} : { lost_answers: lostAnswers }),
        }),
      find: () => this.#findRuns(experimentId, localId),
      create: () => client.createRun({ experiment_id: experimentId, run_name: name, start_time, tags }),
      remove: ({ info }) => client.deleteRun(info.run_id),
      idOf: ({ info }) => info.run_id,
      keep: (run) => this.#keep(localId, run),
    };
  }

  #keep(localId: string, { info }: Run): void {
    const { ledger } = this.#parts;
    const { remote_run_id: before } = ledger.get(localId);
    if (before !== info.run_id)
      ledger.change(localId, {
        remote_run_id: info.run_id,
        artifact_uri: info.artifact_uri,
        told: null,
        place: 0,
        points: 0,
      });
  }

  async #findRuns(experimentId: string, localId: string): Promise<readonly Run[]> {
    const filter = `tags.\`${OUTERLOOP_TAGS.runUid}\` = '${localId}'`;
    const found = await this.#parts.client.searchRuns([experimentId], filter);
    return found.toSorted((a, b) => (a.info.run_id < b.info.run_id ? -1 : 1));
  }

  /** One of the name that is deleted there is left alone. */
  async #findExperiment(name: string, localId: string): Promise<string> {
    const { client } = this.#parts;
    for (const candidate of [name, `${name}-${digestOf(localId).slice(0, 6)}`]) {
      const found = await client.findExperiment(candidate);
      if (found === undefined) return this.#createExperiment(candidate);
      if (found.lifecycle_stage === 'active') return found.experiment_id;
    }
    throw new TrackingFailure('answer', `the experiment ${name} was deleted on the server`, { status: 400 });
  }

  /** Another one may have made it meanwhile, or our own call whose answer was lost. */
  async #createExperiment(name: string): Promise<string> {
    const { client } = this.#parts;
    try {
      return await client.createExperiment(name, []);
    } catch (error) {
      if (!(error instanceof TrackingFailure) || error.errorCode !== 'RESOURCE_ALREADY_EXISTS') throw error;
      const found = await client.findExperiment(name);
      if (found === undefined) throw error;
      return found.experiment_id;
    }
  }
}
