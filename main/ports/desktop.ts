/** What only the desktop can do. In Electron these are native; in `serve` some cannot be had and say so. */
export interface Desktop {
  /** What there is: the window offers only that. */
  readonly abilities: DesktopAbilities;
  /** Asks the user for a folder or file; undefined when they changed their mind. */
  choose(request: ChooseRequest): Promise<string | undefined>;
  /** Asks where to write a file. */
  chooseTarget(request: ChooseTargetRequest): Promise<string | undefined>;
  /** Shows a file or folder in the system's file browser. */
  reveal(path: string): Promise<void>;
  /** Moves to the system's trash. Rejects with a FaultError where there is none. */
  trash(path: string): Promise<void>;
  /** Opens a page in the user's browser: only after the user chose an address that they configured. */
  openPage(url: string): Promise<void>;
  /** Tells the user something while the window may be closed. The text names no patient. */
  notify(notification: { readonly title: string; readonly text: string }): Promise<void>;
  /** Shows what is running while the window may be closed, where the system has a place for it. */
  showRunning(searches: readonly RunningSearch[]): void;
  /** Keeps the machine awake until the returned function is called. */
  keepAwake(reason: string): () => void;
}

/** A search that goes on. It stands on the screen of a room that anybody may enter: no patient, no data. */
export interface RunningSearch {
  readonly run: string;
  /** How far it is: "3 of 12 jobs done, best 0.8123". */
  readonly text: string;
}

export interface DesktopAbilities {
  readonly dialogs: boolean;
  readonly reveal: boolean;
  readonly trash: boolean;
  readonly notifications: boolean;
}

export interface ChooseRequest {
  readonly kind: 'folder' | 'file';
  readonly title: string;
  /** Endings of files, without dots. */
  readonly endings?: readonly string[];
  readonly from?: string;
}

export interface ChooseTargetRequest {
  readonly title: string;
  readonly fileName: string;
  readonly from?: string;
}
