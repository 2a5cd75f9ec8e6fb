import type { Action } from '../ui/action.ts';
import type { Layout } from './pane-layout.svelte.ts';
import type { Tool, Viewer } from './viewer.svelte.ts';

const tools: readonly (readonly [Tool, string, string])[] = [
  ['window', 'Set the window by dragging', 'W'],
  ['crosshair', 'Move the crosshair by dragging', 'C'],
  ['pan', 'Move the image by dragging', 'P'],
  ['zoom', 'Zoom by dragging', 'Z'],
];

const layouts: readonly (readonly [Layout, string])[] = [
  ['grid', 'Three planes and values'],
  ['large', 'One large plane'],
  ['row', 'Three planes side by side'],
  ['axial', 'Axial plane alone'],
  ['coronal', 'Coronal plane alone'],
  ['sagittal', 'Sagittal plane alone'],
];

/** Everything that a viewer can be told by a command, whatever has the focus. */
export function getViewerActions(viewer: Viewer): readonly Action[] {
  const act = (
    id: string,
    title: string,
    shortcut: string | undefined,
    run: () => void,
    checked?: boolean,
  ): Action => ({
    id: `viewer.${id}`,
    title,
    group: 'Images',
    ...(shortcut === undefined ? {} : { shortcut }),
    ...(checked === undefined ? {} : { checked }),
    run,
  });
  return [
    ...tools.map(([tool, title, key]) =>
      act(`tool.${tool}`, title, key, () => (viewer.tool = tool), viewer.tool === tool),
    ),
    ...layouts.map(([layout, title]) =>
      act(
        `layout.${layout}`,
        title,
        undefined,
        () => (viewer.panes.layout = layout),
        viewer.panes.layout === layout,
      ),
    ),
    act('fit', 'Fit images into their panes', 'F', () => viewer.panes.fit()),
    act('reset', 'Reset view and window', 'R', () => viewer.reset()),
    act(
      'invert',
      'Invert grey values',
      'I',
      () => (viewer.isInverted = !viewer.isInverted),
      viewer.isInverted,
    ),
    act('labels', 'Show labels', 'G', () => (viewer.showsLabels = !viewer.showsLabels), viewer.showsLabels),
    act(
      'crosshair',
      'Show crosshair',
      'X',
      () => (viewer.showsCrosshair = !viewer.showsCrosshair),
      viewer.showsCrosshair,
    ),
    act('smooth', 'Smooth between voxels', 'S', () => (viewer.isSmooth = !viewer.isSmooth), viewer.isSmooth),
    act('outline', 'Change how labels are drawn', 'O', () => {
      const styles = ['fill', 'both', 'outline'] as const;
      viewer.outline = styles[(styles.indexOf(viewer.outline) + 1) % styles.length]!;
    }),
    act(
      'convention',
      'Patient’s right at the left (radiological)',
      'H',
      () => {
        viewer.panes.convention =
          viewer.panes.convention === 'radiological' ? 'neurological' : 'radiological';
      },
      viewer.panes.convention === 'radiological',
    ),
    ...(viewer.canCompare
      ? [
          act(
            'difference',
            'Show where labels differ',
            'V',
            () => (viewer.showsDifference = !viewer.showsDifference),
            viewer.showsDifference,
          ),
        ]
      : []),
    act('zoom-in', 'Zoom in', '=', () => viewer.panes.zoomStep(1)),
    act('zoom-out', 'Zoom out', '-', () => viewer.panes.zoomStep(-1)),
    ...viewer.presets
      .slice(0, 9)
      .map(({ id, title, window }, index) =>
        act(`window.${id}`, `Window: ${title}`, String(index + 1), () => viewer.window.set(window)),
      ),
  ];
}
