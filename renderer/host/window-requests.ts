import type { WindowRequest } from '../../common/api/window.ts';

/** How the window carries out what the desktop asks of it. */
export interface WindowDeeds {
  /** Shows a view: `#/settings`. */
  go(address: string): void;
  /** Unpacks a packed MMAR and shows it; says itself what went wrong. */
  openPacked(file: string): Promise<void>;
}

/** Carries out what the desktop asks, one after another, until the stream ends. In a browser nothing is ever asked. */
export async function followWindowRequests(
  requests: AsyncIterable<WindowRequest>,
  deeds: WindowDeeds,
): Promise<void> {
  for await (const request of requests)
    if (request.kind === 'go') deeds.go(request.address);
    else await deeds.openPacked(request.file);
}
