import { afterAll, beforeAll } from 'vitest';
import { describeChannel } from '../contracts/channel.contract.ts';
import { describeRpc } from '../contracts/rpc.contract.ts';
import { openPortPair } from './message-port-channel.ts';
import { serveChannels, type ServedChannels } from './served-channel.ts';

// What a user can do must not depend on the host that shows the window.
let served: ServedChannels;
beforeAll(async () => {
  served = await serveChannels();
});
afterAll(() => served.close());

describeChannel({ name: 'a message port', open: openPortPair });
describeChannel({ name: 'the socket of serve', open: () => served.open() });

describeRpc({ name: 'a message port', open: openPortPair });
describeRpc({ name: 'the socket of serve', open: () => served.open() });
