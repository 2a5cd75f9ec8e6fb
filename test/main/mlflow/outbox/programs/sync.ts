import { Outbox } from '../../../../../main/mlflow/outbox/outbox.ts';

/** Once it is told to, sends to the remote `site` again and again, until it is killed. Arguments: the folder of the store. */
const [folder] = process.argv.slice(2);
const outbox = new Outbox({
  folder: folder!,
  secrets: { get: async () => undefined },
  call: { retry: { attempts: 2, baseMs: 5, capMs: 20 }, timeoutMs: 3000 },
});
await new Promise((resolve) => process.once('message', resolve));
for (;;) {
  await outbox.sync('site').catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 5));
}
