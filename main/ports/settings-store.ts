/**
 * Keeps the user's settings as one JSON object: electron-store in Electron, a file in the data folder elsewhere. Secrets
 * never go here.
 */
export interface SettingsStore {
  /** Undefined when nothing was kept under the name yet, or when it could not be read. */
  get(name: string): unknown;
  /** Durable when it returns. Throws a FaultError when the disk refuses. */
  set(name: string, value: unknown): void;
  delete(name: string): void;
}
