/**
 * Carries frames between the window and main, in order, each once, or closes. Implementations: a MessagePort in Electron
 * and in tests, a WebSocket in `serve`. All of them pass test/contracts/channel.contract.ts.
 *
 * Frames are JSON values, and all channels send them as JSON texts: what a port could clone and a socket could not (a
 * Date, a hole in an array) or the other way round (a reactive proxy) would work in one host only.
 */
export interface Channel {
  /** Sends a JSON value. After the close it does nothing. */
  post(frame: unknown): void;
  /**
   * Called for every value that arrives, until the close; to be set once, before the next turn of the event loop. What is
   * no JSON closes the channel.
   */
  onFrame(listener: (frame: unknown) => void): void;
  /** Called once, when either side has closed. */
  onClose(listener: () => void): void;
  close(): void;
}

/** A message that tells the other side of a port that this one has gone: ports themselves do not say so everywhere. */
export const PORT_GOODBYE = 'goodbye';

/** The frame that a message holds; undefined when it holds none. */
export function parseFrame(message: unknown): unknown {
  if (typeof message !== 'string') return undefined;
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}
