import type { TrackingDatabase } from './database.ts';

/** What every part of the store works with. */
export interface StoreContext {
  readonly db: TrackingDatabase;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Where experiments keep their artifacts when they say nothing: a URI. */
  readonly artifactRoot: string;
}

/** A URI with further parts of a path; what follows `?` or `#` stays at the end. */
export function appendToUri(uri: string, ...parts: readonly string[]): string {
  const at = uri.search(/[?#]/);
  const [path, tail] = at < 0 ? [uri, ''] : [uri.slice(0, at), uri.slice(at)];
  const begin = path.endsWith('/') ? path.slice(0, -1) : path;
  return `${begin}/${parts.join('/')}${tail}`;
}
