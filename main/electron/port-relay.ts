import type { IpcMain, IpcMainEvent, MessageChannelMain } from 'electron';
import { PORT_GOODBYE } from '../../common/rpc/channel.ts';
import { CONNECT_MESSAGE, PORT_MESSAGE } from '../../common/rpc/window-bridge.ts';
import type { BackendMessage, HostMessage } from '../backend/host-protocol.ts';
import { isOwnAddress } from './app-address.ts';

export interface PortRelayParts {
  readonly ipcMain: Pick<IpcMain, 'on'>;
  readonly MessageChannelMain: new () => MessageChannelMain;
  /** Whether a window of ours has these contents. */
  readonly isOwnWindow: (contentsId: number) => boolean;
  readonly send: (message: HostMessage) => void;
}

/** Hands every window that asks a port of its own, and its texts to the program behind, unread. */
export class PortRelay {
  readonly #parts: PortRelayParts;
  readonly #ports = new Map<number, MessageChannelMain['port1']>();
  #lastConnection = 0;

  constructor(parts: PortRelayParts) {
    this.#parts = parts;
    parts.ipcMain.on(CONNECT_MESSAGE, (event) => this.#connect(event));
  }

  /** Takes what the program behind has for a window. */
  receive(message: Extract<BackendMessage, { type: 'frame' | 'close' }>): void {
    const port = this.#ports.get(message.connection);
    if (message.type === 'frame') port?.postMessage(message.text);
    else this.#close(message.connection);
  }

  /** The program behind has gone: the windows dial anew. */
  closeAll(): void {
    for (const connection of [...this.#ports.keys()]) this.#close(connection);
  }

  #connect(event: IpcMainEvent): void {
    const frame = event.senderFrame;
    const isOurs =
      frame !== null &&
      frame.parent === null &&
      isOwnAddress(frame.url) &&
      this.#parts.isOwnWindow(event.sender.id);
    if (!isOurs) return;
    const connection = ++this.#lastConnection;
    const { port1, port2 } = new this.#parts.MessageChannelMain();
    this.#ports.set(connection, port1);
    this.#parts.send({ type: 'connect', connection });
    port1.on('message', ({ data }) => {
      if (typeof data === 'string') this.#parts.send({ type: 'frame', connection, text: data });
    });
    port1.on('close', () => {
      if (this.#ports.delete(connection)) this.#parts.send({ type: 'close', connection });
    });
    port1.start();
    frame.postMessage(PORT_MESSAGE, null, [port2]);
  }

  #close(connection: number): void {
    const port = this.#ports.get(connection);
    if (!this.#ports.delete(connection)) return;
    port?.postMessage(PORT_GOODBYE);
    port?.close();
  }
}
