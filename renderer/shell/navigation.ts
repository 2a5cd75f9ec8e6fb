import Activity from '@lucide/svelte/icons/activity';
import ChartSpline from '@lucide/svelte/icons/chart-spline';
import FileImage from '@lucide/svelte/icons/file-image';
import FilePen from '@lucide/svelte/icons/file-pen';
import Images from '@lucide/svelte/icons/images';
import LayoutGrid from '@lucide/svelte/icons/layout-grid';
import Play from '@lucide/svelte/icons/play';
import Settings from '@lucide/svelte/icons/settings';
import Stethoscope from '@lucide/svelte/icons/stethoscope';
import type { Action, Icon } from '../ui/action.ts';
import { mmarAddress, type MmarView, type Route } from './route.ts';

/** One place of the navigation rail. */
export interface Place {
  readonly view: Route['view'];
  readonly title: string;
  readonly icon: Icon;
  readonly address: string;
  readonly shortcut: string;
}

const mmarPlaces: readonly { view: MmarView; title: string; icon: Icon; shortcut: string }[] = [
  { view: 'edit', title: 'Edit', icon: FilePen, shortcut: 'Mod+1' },
  { view: 'images', title: 'Images', icon: Images, shortcut: 'Mod+2' },
  { view: 'runs', title: 'Runs', icon: Play, shortcut: 'Mod+3' },
  { view: 'results', title: 'Results', icon: ChartSpline, shortcut: 'Mod+4' },
];

export const libraryPlace: Place = {
  view: 'library',
  title: 'Library',
  icon: LayoutGrid,
  address: '#/library',
  shortcut: 'Mod+0',
};

export const programPlaces: readonly Place[] = [
  { view: 'image', title: 'Viewer', icon: FileImage, address: '#/image', shortcut: 'Mod+7' },
  { view: 'tracking', title: 'Tracking', icon: Activity, address: '#/tracking', shortcut: 'Mod+5' },
  {
    view: 'diagnostics',
    title: 'Diagnostics',
    icon: Stethoscope,
    address: '#/diagnostics',
    shortcut: 'Mod+6',
  },
  { view: 'settings', title: 'Settings', icon: Settings, address: '#/settings', shortcut: 'Mod+,' },
];

/** Whose places are offered: the open MMAR's; in views of the program those of the last one, in the library none. */
export function mmarOf(route: Route, last: { readonly mmar: string } | undefined): string | undefined {
  if ('mmar' in route) return route.mmar;
  return route.view === 'library' ? undefined : last?.mmar;
}

/** The places of one MMAR; the run that is looked at stays the one when going between runs and results. */
export function placesOf(mmar: string, run?: string): readonly Place[] {
  return mmarPlaces.map((place) => {
    const isOfRuns = place.view === 'runs' || place.view === 'results';
    return { ...place, address: mmarAddress(mmar, place.view, isOfRuns ? run : undefined) };
  });
}

/** Going to a place, as actions of the command palette. */
export function getPlaceActions(places: readonly Place[], go: (address: string) => void): readonly Action[] {
  return places.map(({ view, title, icon, address, shortcut }) => ({
    id: `go.${view}`,
    title: `Go to ${title}`,
    icon,
    shortcut,
    group: 'Go to',
    run: () => go(address),
  }));
}
