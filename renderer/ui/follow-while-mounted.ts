import { onMount } from 'svelte';

/**
 * Follows something for as long as the component is in the page; called while the component is made.
 *
 * @param follow goes on until its signal is aborted
 * @returns begins anew, for a button that tries again
 */
export function followWhileMounted(follow: (signal: AbortSignal) => Promise<void>): () => void {
  let leaving = new AbortController();
  const begin = (): void => {
    leaving.abort();
    leaving = new AbortController();
    void follow(leaving.signal);
  };
  onMount(() => {
    begin();
    return () => leaving.abort();
  });
  return begin;
}
