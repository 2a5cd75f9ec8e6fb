import type { TrackingClient } from '../client/tracking-client.ts';
import type { AllowList } from '../redact/allow-list.ts';
import type { TrackingStore } from '../store/tracking-store.ts';
import type { FileDigests } from './file-digests.ts';
import type { RemotePlace } from './remote-place.ts';
import type { RunLedger } from './run-ledger.ts';

/** What the store is sent to one server with. */
export interface SendingParts {
  readonly store: TrackingStore;
  readonly client: TrackingClient;
  readonly ledger: RunLedger;
  readonly place: RemotePlace;
  readonly allowList: AllowList;
  readonly digests: FileDigests;
}
