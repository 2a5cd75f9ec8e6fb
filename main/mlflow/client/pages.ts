import { TrackingFailure } from './tracking-failure.ts';

export interface FetchedPage<T> {
  readonly items: readonly T[];
  readonly next: string | undefined;
}

/** Everything of a list that a server gives in pages. */
export async function collectPages<T>(
  fetchPage: (page: { page_token?: string }) => Promise<FetchedPage<T>>,
): Promise<readonly T[]> {
  const found: T[] = [];
  let token: string | undefined;
  do {
    const { items, next } = await fetchPage(token === undefined ? {} : { page_token: token });
    for (const item of items) found.push(item);
    token = next === '' ? undefined : next;
  } while (token !== undefined);
  return found;
}

/** Undefined for what the server does not know. */
export async function orMissing<T>(found: Promise<T>): Promise<T | undefined> {
  try {
    return await found;
  } catch (error) {
    if (error instanceof TrackingFailure && error.errorCode === 'RESOURCE_DOES_NOT_EXIST') return undefined;
    throw error;
  }
}
