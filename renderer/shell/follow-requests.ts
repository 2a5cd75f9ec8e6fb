import { api } from '../api.ts';
import { toasts } from '../ui/toasts.svelte.ts';
import { mmarAddress } from './route.ts';
import { router } from './router.svelte.ts';

/** Does what the desktop asks of the window (its menu, files opened from outside) until the signal aborts. */
export async function followRequests(signal: AbortSignal): Promise<void> {
  for await (const request of api.window.requests({}, { signal })) {
    if (request.kind === 'go') router.go(request.address);
    else await openPacked(request.file);
  }
}

async function openPacked(file: string): Promise<void> {
  try {
    const { mmar } = await api.library.unpack({ source: { file } });
    router.go(mmarAddress(mmar));
  } catch (error) {
    toasts.showError('The packed MMAR cannot be opened', error);
  }
}
