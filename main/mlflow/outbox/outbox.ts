import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { HeldBackItem, OutboxRow } from '../../../common/api/remotes.ts';
import { FaultError } from '../../../common/fault.ts';
import type { SecretStore } from '../../ports/secret-store.ts';
import { TrackingClient } from '../client/tracking-client.ts';
import type { CallOptions } from '../client/repeated-calls.ts';
import type { Credentials, TrackingTarget } from '../client/tracking-target.ts';
import { AllowList } from '../redact/allow-list.ts';
import { readLocalNames } from '../redact/local-names.ts';
import type { TrackingDatabase } from '../store/database.ts';
import { DATABASE_FILE } from '../store/store-fault.ts';
import { openTrackingStore, type TrackingStore } from '../store/tracking-store.ts';
import { FileDigests } from './file-digests.ts';
import { listLocalRuns } from './local-runs.ts';
import { openOutboxDatabase, OUTBOX_FILE } from './outbox-schema.ts';
import { RemoteBook, type RemoteEntry } from './remote-book.ts';
import { lockRemote } from './remote-lock.ts';
import { RemotePlace } from './remote-place.ts';
import { RunLedger, type RunCounts } from './run-ledger.ts';
import { syncPass, type PassResult } from './sync-pass.ts';

export interface OutboxOptions {
  /** Folder of the tracking store. */
  readonly folder: string;
  readonly secrets: Pick<SecretStore, 'get'>;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly now?: () => number;
  readonly call?: CallOptions;
  /** For tests of a disk that is full: what is kept is kept through it. */
  readonly wrapDatabase?: (db: TrackingDatabase) => TrackingDatabase;
}

export interface SyncOptions {
  readonly signal?: AbortSignal;
  readonly onRun?: (runId: string) => void;
}

/** First wait after a failure; it doubles up to the longest. */
const FIRST_WAIT_MS = 5000;
const LONGEST_WAIT_MS = 10 * 60_000;

/** An outbox that is opened when it is first asked for, once for all, and tried again after it could not be opened. */
export interface SharedOutbox {
  /** @throws FaultError that names `outbox.db` */
  open(): Outbox;
  close(): void;
}

export function shareOutbox(options: OutboxOptions): SharedOutbox {
  let opened: Outbox | undefined;
  return {
    open: () => (opened ??= new Outbox(options)),
    close: () => {
      opened?.close();
      opened = undefined;
    },
  };
}

const describeRegistered = (count: number): string =>
  `${count} registered ${count === 1 ? 'model' : 'models'} (not allowed for this server)`;

/** The name of a remote's token or password among the secrets. */
export const secretName = (remote: string): string => `remote/${remote}`;

/**
 * Mirrors a tracking store to servers: experiments, runs, points, files, each once, whatever happens on the way. What was sent
 * is kept beside the store, so that a sender that was killed goes on where it was; without that it sends all again, which
 * changes nothing there.
 */
export class Outbox {
  readonly remotes: RemoteBook;
  readonly #db: TrackingDatabase;
  readonly #options: OutboxOptions;
  readonly #now: () => number;

  /** @throws FaultError that names `outbox.db` */
  constructor(options: OutboxOptions) {
    const db = openOutboxDatabase(join(options.folder, OUTBOX_FILE));
    this.#db = options.wrapDatabase?.(db) ?? db;
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.remotes = new RemoteBook(this.#db);
  }

  /**
   * Goes over all runs once.
   *
   * @returns undefined when another process is sending to this server
   * @throws FaultError for what is wrong on this machine: the store, the disk, a token that is not there
   */
  async sync(name: string, options: SyncOptions = {}): Promise<PassResult | undefined> {
    const remote = this.remotes.get(name);
    const target = await this.target(remote);
    const lock = lockRemote(this.#options.folder, name);
    if (lock === undefined) return undefined;
    try {
      const result = await this.#send(remote, target, options);
      this.#noteHealth(name, result);
      return result;
    } finally {
      lock.release();
    }
  }

  /** Where a remote is and how it is spoken to. @throws FaultError `usage` for a token that is not there */
  async target(remote: RemoteEntry): Promise<TrackingTarget> {
    const { url, ca, insecureTls } = remote;
    return {
      url,
      credentials: await this.#credentials(remote),
      ...(ca === undefined ? {} : { ca }),
      ...(insecureTls === true ? { insecureTls } : {}),
    };
  }

  /** How each run stands with a server, newest first. */
  rows(name: string): readonly OutboxRow[] {
    const ledger = new RunLedger(this.#db, name);
    return this.#withStore([], (store) =>
      listLocalRuns(store)
        .toSorted((a, b) => b.run.info.start_time - a.run.info.start_time)
        .map(({ run, experiment, parentRunId }): OutboxRow => {
          const { state, reason, synced_at: syncedAt } = ledger.get(run.info.run_id);
          return {
            remote: name,
            runId: run.info.run_id,
            runName: run.info.run_name,
            experiment: experiment.name,
            ...(parentRunId === undefined ? {} : { parentRunId }),
            state,
            ...(reason === null ? {} : { reason }),
            heldBack: ledger.heldBack(run.info.run_id).length,
            ...(syncedAt === null ? {} : { syncedAt: new Date(syncedAt).toISOString() }),
          };
        }),
    );
  }

  counts(name: string): RunCounts & { readonly heldBack: number } {
    const ledger = new RunLedger(this.#db, name);
    const states = this.#withStore([], (store) =>
      listLocalRuns(store).map(({ run }) => ledger.get(run.info.run_id).state),
    );
    const count = (state: string): number => states.filter((item) => item === state).length;
    return {
      synced: count('synced'),
      waiting: count('waiting'),
      failed: count('failed'),
      heldBack: ledger.countHeldBack(),
    };
  }

  /** How many versions of registered models are at a server, and what of the store goes to none or not to this one, in words. */
  others(name: string): { readonly modelVersions: number; readonly leftOut: readonly string[] } {
    const { policy } = this.remotes.get(name);
    const leftOut = this.#withStore<readonly string[]>([], (store) => {
      const count = store.registeredModels.count();
      const registered = policy.registeredModels || count === 0 ? [] : [describeRegistered(count)];
      return [...registered, ...store.overview.describeOthers()];
    });
    return { modelVersions: new RunLedger(this.#db, name).models.countVersions(), leftOut };
  }

  heldBack(name: string, runId?: string): readonly HeldBackItem[] {
    return new RunLedger(this.#db, this.remotes.get(name).name).heldBack(runId);
  }

  close(): void {
    this.#db.close();
  }

  async #send(remote: RemoteEntry, target: TrackingTarget, options: SyncOptions): Promise<PassResult> {
    const { signal } = options;
    const client = new TrackingClient(target, {
      ...this.#options.call,
      ...(signal === undefined ? {} : { signal }),
    });
    const store = this.#openStore();
    try {
      if (store === undefined) return { isUnfinished: false };
      const ledger = new RunLedger(this.#db, remote.name);
      const allowList = new AllowList(remote.policy, readLocalNames());
      const place = new RemotePlace({ client, ledger, allowList, now: this.#now });
      const digests = new FileDigests(this.#db);
      const parts = { store, client, ledger, place, allowList, digests, now: this.#now };
      return await syncPass({ ...parts, ...options });
    } finally {
      store?.close();
      client.close();
    }
  }

  #noteHealth(name: string, { failure }: PassResult): void {
    const now = this.#now();
    const before = this.remotes.health(name);
    if (failure === undefined) {
      this.remotes.setHealth(name, { isRefused: false, failures: 0, lastTryAt: now });
      return;
    }
    const failures = before.failures + 1;
    const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
    this.remotes.setHealth(name, {
      problem: failure.message,
      isRefused: !failure.isPassing,
      failures,
      lastTryAt: now,
      nextTryAt: now + (failure.isPassing ? waitMs : LONGEST_WAIT_MS),
    });
  }

  async #credentials({ name, credentials, username = '', variable = '' }: RemoteEntry): Promise<Credentials> {
    const { secrets, environment = process.env } = this.#options;
    if (credentials === 'none') return { kind: 'none' };
    const secret =
      credentials === 'environment' ? environment[variable] : await secrets.get(secretName(name));
    if (secret === undefined || secret === '')
      throw new FaultError({
        code: 'usage',
        argument: name,
        message:
          credentials === 'environment'
            ? `The environment variable ${variable} with the ${username === '' ? 'token' : 'password'} for ${name} is not set.`
            : `The ${credentials} for ${name} is not kept where this program can read it.`,
        allowed:
          credentials === 'environment'
            ? `${variable} with a value`
            : 'to remove the remote and add it again',
      });
    return username === ''
      ? { kind: 'bearer', token: secret }
      : { kind: 'basic', username, password: secret };
  }

  /** Undefined where nothing has been tracked yet. */
  #openStore(): TrackingStore | undefined {
    const { folder } = this.#options;
    if (!existsSync(join(folder, DATABASE_FILE))) return undefined;
    return openTrackingStore(folder, { readOnly: true });
  }

  #withStore<T>(otherwise: T, use: (store: TrackingStore) => T): T {
    const store = this.#openStore();
    if (store === undefined) return otherwise;
    try {
      return use(store);
    } finally {
      store.close();
    }
  }
}
