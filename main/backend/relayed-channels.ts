import type { Channel } from '../../common/rpc/channel.ts';
import { openPortChannel } from '../../common/rpc/port-channel.ts';
import type { BackendMessage, HostMessage } from './host-protocol.ts';

interface Relay {
  onMessage(text: string): void;
  onClose(): void;
}

/** The windows' lines, which come through Electron's process: as many channels over one IPC. */
export class RelayedChannels {
  readonly #send: (message: BackendMessage) => void;
  readonly #relays = new Map<number, Relay>();

  constructor(send: (message: BackendMessage) => void) {
    this.#send = send;
  }

  open(connection: number): Channel {
    const relay: Relay = { onMessage: () => undefined, onClose: () => undefined };
    this.#relays.set(connection, relay);
    return openPortChannel({
      postMessage: (text) => this.#send({ type: 'frame', connection, text }),
      onMessage: (listener) => void (relay.onMessage = listener),
      onClose: (listener) => void (relay.onClose = listener),
      close: () => {
        if (this.#relays.delete(connection)) this.#send({ type: 'close', connection });
      },
    });
  }

  receive(message: Extract<HostMessage, { type: 'frame' | 'close' }>): void {
    const relay = this.#relays.get(message.connection);
    if (message.type === 'frame') relay?.onMessage(message.text);
    else relay?.onClose();
  }
}
