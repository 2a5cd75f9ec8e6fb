import { startTrackingServer } from '../../../../main/mlflow/server/tracking-server.ts';
import { openTrackingStore } from '../../../../main/mlflow/store/tracking-store.ts';

/** `node serve.ts <store folder> <artifact root URI> <port>`: prints the address, and serves until it is ended. */
const [folder = '', artifactRoot, port = '0'] = process.argv.slice(2);
const store = openTrackingStore(folder, { artifactRoot });
const server = await startTrackingServer({
  store,
  port: Number(port),
  token: undefined,
  onDefect: (error) => console.error(error),
});
console.log(server.url);
