import type { Component } from 'svelte';
import LibraryView from '../features/library/LibraryView.svelte';
import type { Route } from './route.ts';

/** What a view of a feature gets. Views of one MMAR always get `mmar`. */
export interface ViewProps {
  readonly mmar?: string;
  readonly run?: string | undefined;
  readonly section?: string | undefined;
  readonly path?: string;
}

type LoadView = () => Promise<{ readonly default: Component<ViewProps> }>;

// Each view is a file of its own for the browser, loaded when it is first shown; the one that the window opens with comes
// with the window.
const files = import.meta.glob<{ readonly default: Component<ViewProps> }>([
  '../features/*/*View.svelte',
  '!../features/library/*',
]);

const viewFiles = {
  edit: 'editor/EditorView',
  images: 'images/ImagesView',
  runs: 'runs/RunsView',
  results: 'results/ResultsView',
  tracking: 'tracking/TrackingView',
  settings: 'settings/SettingsView',
  diagnostics: 'diagnostics/DiagnosticsView',
  image: 'image-file/ImageFileView',
} as const satisfies Partial<Record<Route['view'], string>>;

const loadLibrary = (async () => ({ default: LibraryView })) as unknown as LoadView;
const loadKit: LoadView = () => import('./kit/KitView.svelte') as ReturnType<LoadView>;

/** How the view of a route is loaded; undefined when this build does not have it. */
export function findView(view: Route['view']): LoadView | undefined {
  if (view === 'library') return loadLibrary;
  if (view === 'kit') return import.meta.env.MODE === 'production' ? undefined : loadKit;
  return files[`../features/${viewFiles[view]}.svelte`];
}
