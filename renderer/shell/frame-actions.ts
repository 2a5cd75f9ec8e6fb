import Command from '@lucide/svelte/icons/command';
import FolderOpen from '@lucide/svelte/icons/folder-open';
import Moon from '@lucide/svelte/icons/moon';
import Sun from '@lucide/svelte/icons/sun';
import type { MmarCard } from '../../common/api/library.ts';
import type { Action } from '../ui/action.ts';
import { theme } from '../ui/theme.svelte.ts';
import { chooseTheme } from './follow-settings.ts';
import { getPlaceActions, libraryPlace, mmarOf, placesOf, programPlaces } from './navigation.ts';
import { mmarAddress, type Route } from './route.ts';
import { router } from './router.svelte.ts';

/** What can be done in every view. */
export function getFrameActions(
  route: Route,
  last: MmarCard | undefined,
  recent: readonly MmarCard[],
  togglePalette: () => void,
): readonly Action[] {
  const mmar = mmarOf(route, last);
  const places = [
    libraryPlace,
    ...(mmar === undefined ? [] : placesOf(mmar, 'run' in route ? route.run : undefined)),
    ...programPlaces,
  ];
  const isDark = theme.shown === 'dark';
  return [
    ...getPlaceActions(places, (address) => router.go(address)),
    ...recent
      .filter(({ state }) => state !== 'gone')
      .slice(0, 12)
      .map(({ mmar, name }) => ({
        id: `open.${mmar}`,
        title: `Open ${name}`,
        icon: FolderOpen,
        group: 'Open',
        run: () => router.go(mmarAddress(mmar)),
      })),
    {
      id: 'window.theme',
      title: isDark ? 'Light theme' : 'Dark theme',
      icon: isDark ? Sun : Moon,
      group: 'Window',
      run: () => chooseTheme(isDark ? 'light' : 'dark'),
    },
    {
      id: 'window.commands',
      title: 'Commands',
      icon: Command,
      shortcut: 'Mod+K',
      group: 'Window',
      run: togglePalette,
    },
  ];
}
