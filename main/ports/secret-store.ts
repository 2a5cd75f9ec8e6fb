/** Keeps tokens: sealed by safeStorage in Electron, a file that only the user may read elsewhere. */
export interface SecretStore {
  /** How well it is kept, for the user to know: `encrypted` by the system, or `unprotected`. */
  readonly protection: 'encrypted' | 'unprotected';
  /** What keeps the key, as the system names it: `gnome_libsecret`; `basic_text` is a key that everybody knows. */
  readonly backend?: string;
  /** Absolute path of the file that holds them, sealed or not; it is there once there is a secret. */
  readonly file: string;
  get(name: string): Promise<string | undefined>;
  set(name: string, secret: string): Promise<void>;
  delete(name: string): Promise<void>;
}
