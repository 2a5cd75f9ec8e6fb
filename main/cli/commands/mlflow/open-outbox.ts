import { Outbox } from '../../../mlflow/outbox/outbox.ts';
import { dataFolder } from '../../../node/data-folder.ts';
import { openFileSecrets } from '../../../node/file-secrets.ts';
import type { SecretStore } from '../../../ports/secret-store.ts';
import { chooseStoreFolder } from './store-folder.ts';

/** The outbox of a store, with the secrets of this user. To be closed. @param store as `--store` names it */
export function openOutbox(store: string | undefined): {
  readonly outbox: Outbox;
  readonly secrets: SecretStore;
  readonly folder: string;
} {
  const folder = chooseStoreFolder(store);
  const secrets = openFileSecrets(dataFolder());
  return { outbox: new Outbox({ folder, secrets }), secrets, folder };
}
