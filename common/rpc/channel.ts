/**
 * Carries frames between the window and main, in order, each once, or closes. Implementations: a MessagePort in Electron
 * and in tests, a WebSocket in `serve`. All of them pass test/contracts/channel.contract.ts.
 */
export interface Channel {
  /** Sends a JSON value. After the close it does nothing. */
  post(frame: unknown): void;
  /** Called for every value that arrives; to be set once, before the next turn of the event loop. */
  onFrame(listener: (frame: unknown) => void): void;
  /** Called once, when either side has closed. */
  onClose(listener: () => void): void;
  close(): void;
}
