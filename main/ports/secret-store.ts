/** Keeps tokens: safeStorage in Electron, a file that only the user may read elsewhere. */
export interface SecretStore {
  /** How well it is kept, for the user to know: `encrypted` by the system, or `unprotected`. */
  readonly protection: 'encrypted' | 'unprotected';
  get(name: string): Promise<string | undefined>;
  set(name: string, secret: string): Promise<void>;
  delete(name: string): Promise<void>;
}
