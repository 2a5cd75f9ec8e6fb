import { TrackingFailure } from '../client/tracking-failure.ts';

/**
 * How long a server may take to carry out what it was asked to, after it was given up on: servers and proxies give up on a
 * request of theirs after a minute at most.
 */
export const DOUBT_MS = 2 * 60_000;

/** What is known of one thing at one server. */
export interface OnceAccount {
  /** Its id there; null before it is there. */
  readonly remoteId: string | null;
  /** Since when the server may hold a second one, as an answer was lost. Milliseconds since 1970. */
  readonly doubtfulSince: number | null;
  /** How many calls that make it went without an answer, and may have been carried out. */
  readonly lostAnswers: number;
}

/** How a kind of thing is made and found at a server. */
export interface Once<T> {
  readonly account: () => OnceAccount;
  readonly change: (changes: Partial<OnceAccount>) => void;
  /** All that carry our uid, those that were deleted excepted, the ones to be preferred first. */
  readonly find: () => Promise<readonly T[]>;
  /** Sent once. */
  readonly create: () => Promise<T>;
  readonly remove: (item: T) => Promise<void>;
  readonly idOf: (item: T) => string;
  readonly keep: (item: T) => void;
  readonly now: () => number;
}

/**
 * Gives the one thing that carries our uid at a server, and makes it where there is none. Each call that makes one is noted
 * before it is sent: whoever comes after a lost answer or a crash looks for what it may have made. When as many are there as
 * were asked for, none can follow; else another may still turn up for a while. Of several the others are deleted.
 */
export async function makeOnce<T>(once: Once<T>): Promise<T> {
  const { account, change, find, idOf, keep, remove, now } = once;
  const { remoteId, doubtfulSince, lostAnswers } = account();
  const found = await find();
  const chosen = found.find((item) => idOf(item) === remoteId) ?? found[0];
  if (chosen === undefined) return create(once);
  keep(chosen);
  for (const other of found) if (other !== chosen) await remove(other);
  const turnedUp = found.length - (remoteId === null ? 0 : 1);
  const open = Math.max(0, lostAnswers - turnedUp);
  const isOver = open === 0 || now() - (doubtfulSince ?? 0) > DOUBT_MS;
  change(isOver ? { lostAnswers: 0, doubtfulSince: null } : { lostAnswers: open });
  return chosen;
}

async function create<T>({ account, change, create: send, keep, now }: Once<T>): Promise<T> {
  const before = account();
  const { lostAnswers, doubtfulSince } = before;
  change({ remoteId: null, lostAnswers: lostAnswers + 1, doubtfulSince: now() });
  try {
    const made = await send();
    keep(made);
    change({ lostAnswers, doubtfulSince });
    return made;
  } catch (error) {
    if (error instanceof TrackingFailure && hasMadeNothing(error)) change({ lostAnswers, doubtfulSince });
    throw error;
  }
}

/** A refusal is an answer, and what was never sent was never carried out. */
function hasMadeNothing({ isUnsent, status }: TrackingFailure): boolean {
  return isUnsent || (status !== undefined && status < 500);
}

/** Why something that is there is not done with yet. */
export function describeDoubt(since: number): string {
  const until = new Date(since + DOUBT_MS).toTimeString().slice(0, 8);
  return `it is there; as an answer was lost, it is looked for once more after ${until}: the server may have made it twice`;
}
