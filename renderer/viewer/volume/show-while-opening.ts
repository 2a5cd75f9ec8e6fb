import type { VolumePlace } from '../../../common/api/images.ts';
import type { Viewer } from '../viewer.svelte.ts';
import { openVolume } from './open-volume.ts';
import type { ViewVolume } from './view-volume.ts';

/**
 * Opens a volume that is to take the place of what a viewer shows, and shows it while it comes where it is large. Rejects as
 * {@link openVolume}.
 *
 * @returns the volume, and what has to be kept of the view when it is shown with its labels
 */
export async function showWhileOpening(
  viewer: Viewer,
  place: VolumePlace,
  signal: AbortSignal,
): Promise<{ readonly image: ViewVolume; readonly keep: false | 'chosen' }> {
  let isShown = false;
  const show = (image: ViewVolume): void => {
    if (!signal.aborted) viewer.show({ image }, { keep: isShown && 'chosen' });
    isShown = true;
  };
  const image = await openVolume(place, signal, show);
  if (isShown) show(image);
  return { image, keep: isShown && 'chosen' };
}
