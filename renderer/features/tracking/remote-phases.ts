import type { OutboxRow, RemoteState } from '../../../common/api/remotes.ts';

type ToneOfBadge = 'neutral' | 'accent' | 'ok' | 'warn' | 'error';

const phaseLabels: Readonly<Record<RemoteState['phase'], string>> = {
  idle: 'Up to date',
  sending: 'Sending',
  offline: 'Not reached',
  refused: 'Refused',
};

const phaseTones: Readonly<Record<RemoteState['phase'], ToneOfBadge>> = {
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

/** How a server stands, in a word. One that has not all runs is not up to date, whether they wait or were not taken. */
export function describePhase({ phase, waiting, failed }: RemoteState): {
  readonly label: string;
  readonly tone: ToneOfBadge;
} {
  if (phase === 'idle' && failed > 0) return { label: `${failed} failed`, tone: 'error' };
  if (phase === 'idle' && waiting > 0) return { label: 'Waiting', tone: 'warn' };
  return { label: phaseLabels[phase], tone: phaseTones[phase] };
}

/** What was held back is known once a run has been looked through, which is when it is sent. */
export const wasLookedThrough = ({ state, heldBack }: OutboxRow): boolean =>
  state === 'synced' || heldBack > 0;

/** A reason as a sentence begins. */
export const asSentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
