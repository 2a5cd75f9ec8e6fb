import ChevronLeft from '@lucide/svelte/icons/chevron-left';
import ChevronRight from '@lucide/svelte/icons/chevron-right';
import Dices from '@lucide/svelte/icons/dices';
import Workflow from '@lucide/svelte/icons/workflow';
import type { Action } from '../../ui/action.ts';
import type { ImagesModel } from './images.svelte.ts';

/** What can be done with the images of an MMAR, besides what a viewer does. */
export function getImagesActions(images: ImagesModel): readonly Action[] {
  const { pipeline } = images;
  const isPipeline = images.mode === 'pipeline';
  const none = images.chosen === undefined ? 'There is no case' : undefined;
  return [
    {
      id: 'images.next',
      title: 'Next case',
      icon: ChevronRight,
      shortcut: ']',
      group: 'Cases',
      disabledReason: none,
      run: () => images.step(1),
    },
    {
      id: 'images.previous',
      title: 'Previous case',
      icon: ChevronLeft,
      shortcut: '[',
      group: 'Cases',
      disabledReason: none,
      run: () => images.step(-1),
    },
    {
      id: 'images.transforms',
      title: isPipeline ? 'Image as it is' : 'Transforms step by step',
      icon: Workflow,
      shortcut: 'T',
      group: 'Cases',
      run: () => images.showMode(isPipeline ? 'image' : 'pipeline'),
    },
    {
      id: 'images.draw',
      title: 'Draw random transforms again',
      icon: Dices,
      shortcut: 'D',
      group: 'Cases',
      disabledReason: isPipeline ? none : 'Show the transforms first',
      run: () => pipeline.again({ epoch: pipeline.epoch + 1 }),
    },
  ];
}
