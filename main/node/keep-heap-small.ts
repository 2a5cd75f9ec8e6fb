import { setFlagsFromString } from 'node:v8';

/**
 * Keeps what this process holds small, for a program that runs beside trainings all day. Left alone, V8 lets the room for
 * new objects grow to 100 MB while large answers are made, and collects the old ones late; several threads that collect
 * hold some megabytes each, and gain nothing in so little room. To be called when the sources are read: V8 compiles those
 * again that it compiled under other flags.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--no-parallel-scavenge');
}
