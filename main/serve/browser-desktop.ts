import { FaultError } from '../../common/fault.ts';
import type { Desktop } from '../ports/desktop.ts';

/** A browser has no desktop: the window offers in-page ways instead, and what it cannot do says so. */
export const browserDesktop: Desktop = {
  abilities: { dialogs: false, reveal: false, trash: false, notifications: false },
  choose: () => refuse('choose files with a dialog of the system'),
  chooseTarget: () => refuse('choose files with a dialog of the system'),
  reveal: () => refuse("show files in the system's file browser"),
  trash: () => refuse("move files to the system's trash"),
  openPage: () => refuse('open other pages'),
  notify: async () => undefined,
  showRunning: () => undefined,
  keepAwake: () => () => undefined,
};

async function refuse(what: string): Promise<never> {
  throw new FaultError({
    code: 'usage',
    message: `The app in a browser cannot ${what}.`,
    allowed: 'the desktop app, or the ways that the window offers',
  });
}
