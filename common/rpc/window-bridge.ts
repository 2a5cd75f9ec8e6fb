/** What Electron's preload script puts into the page under this name. In a browser there is none. */
export const BRIDGE_NAME = 'outerloopBridge';

/** The message that carries Electron's port into the page. */
export const PORT_MESSAGE = 'outerloop-port';

/** What the preload script sends: the one message that Electron's process takes from a page. */
export const CONNECT_MESSAGE = 'outerloop-connect';

/** Everything that the page gets from Electron: a line to main, and where a dropped file lies. */
export interface WindowBridge {
  /** Asks for a port, which arrives as a message of the window. */
  connect(): void;
  /** Absolute path of a `File` that was dropped or chosen; empty for one that lies nowhere. */
  pathOf(file: object): string;
}
