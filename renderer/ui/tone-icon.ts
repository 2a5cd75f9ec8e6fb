import CircleAlert from '@lucide/svelte/icons/circle-alert';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import Info from '@lucide/svelte/icons/info';
import TriangleAlert from '@lucide/svelte/icons/triangle-alert';
import type { Icon } from './action.ts';

/** The meaning of a message, by colour and icon together. */
export type Tone = 'info' | 'ok' | 'warn' | 'error';

export const toneIcons: Readonly<Record<Tone, Icon>> = {
  info: Info,
  ok: CircleCheck,
  warn: TriangleAlert,
  error: CircleAlert,
};
