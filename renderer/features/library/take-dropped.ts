import { mmarAddress } from '../../shell/route.ts';
import { router } from '../../shell/router.svelte.ts';
import { toasts } from '../../ui/toasts.svelte.ts';
import type { LibraryModel } from './library.svelte.ts';

const PACKED = /[.](mmar|zip)$/i;

/**
 * Opens what was dropped: folders where the host can tell their paths (Electron), packed MMARs anywhere. A browser keeps
 * paths to itself: there the dialog to open a folder appears instead.
 */
export async function takeDropped(files: readonly File[], model: LibraryModel): Promise<void> {
  for (const file of files) {
    try {
      const path = window.outerloopBridge?.pathOf?.(file);
      if (PACKED.test(file.name)) {
        router.go(mmarAddress(await model.unpackFile(file)));
      } else if (path !== undefined && path !== '') {
        router.go(mmarAddress(await model.add(path)));
      } else {
        toasts.show({
          tone: 'info',
          title: 'A browser does not tell where a folder is',
          detail: `Choose the folder “${file.name}” in the dialog.`,
        });
        model.dialog = { kind: 'open' };
        return;
      }
    } catch (error) {
      toasts.showError(`“${file.name}” cannot be opened`, error);
    }
  }
}
