import type { ConnectionTest } from '../../../common/api/remotes.ts';
import { ONCE } from '../client/backoff.ts';
import { TrackingClient } from '../client/tracking-client.ts';
import { TrackingFailure } from '../client/tracking-failure.ts';
import type { TrackingTarget } from '../client/tracking-target.ts';

const TIMEOUT_MS = 10_000;

/** Asks a server for its version and, since that needs no credentials, for its experiments. Changes nothing there. */
export async function testConnection(target: TrackingTarget, signal?: AbortSignal): Promise<ConnectionTest> {
  const client = new TrackingClient(target, {
    retry: ONCE,
    timeoutMs: TIMEOUT_MS,
    ...(signal === undefined ? {} : { signal }),
  });
  const begun = performance.now();
  const elapsed = (): number => Math.round(performance.now() - begun);
  try {
    const version = await client.version();
    await client.findExperiment('Default');
    return { ok: true, version, milliseconds: elapsed() };
  } catch (error) {
    if (error instanceof TrackingFailure)
      return { ok: false, problem: error.message, milliseconds: elapsed() };
    throw error;
  } finally {
    client.close();
  }
}
