import type { OutboxRow, RemoteState } from '../../../common/api/remotes.ts';

type ToneOfBadge = 'neutral' | 'accent' | 'ok' | 'warn' | 'error';

export const phaseLabels: Readonly<Record<RemoteState['phase'], string>> = {
  idle: 'Up to date',
  sending: 'Sending',
  offline: 'Not reached',
  refused: 'Refused',
};

export const phaseTones: Readonly<Record<RemoteState['phase'], ToneOfBadge>> = {
  idle: 'ok',
  sending: 'accent',
  offline: 'warn',
  refused: 'error',
};

export const outboxLabels: Readonly<Record<OutboxRow['state'], string>> = {
  synced: 'Sent',
  waiting: 'Waiting',
  failed: 'Failed',
};

export const outboxTones: Readonly<Record<OutboxRow['state'], ToneOfBadge>> = {
  synced: 'ok',
  waiting: 'warn',
  failed: 'error',
};

/** How a server stands, in a word. One that waits for its turn is not up to date yet. */
export function labelPhase({ phase, waiting }: RemoteState): string {
  return phase === 'idle' && waiting > 0 ? 'Waiting' : phaseLabels[phase];
}
