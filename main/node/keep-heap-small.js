import { setFlagsFromString } from 'node:v8';

/**
 * Keeps what this process holds small, for a program that runs beside trainings all day. Left alone, V8 lets the room for
 * new objects grow to 100 MB while large answers are made, and collects the old ones late; several threads that collect
 * hold some megabytes each, and gain nothing in so little room. To be called before anything is read, and before the
 * cache of compiled sources is opened, which keeps what was compiled under other flags apart.
 */
export function keepHeapSmall() {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--optimize-for-size');
  setFlagsFromString('--no-parallel-scavenge');
}
