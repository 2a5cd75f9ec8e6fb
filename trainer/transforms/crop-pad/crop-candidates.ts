import type { Tensor } from '../../data/tensor.ts';

/** Flat positions (C order, without channels), in rising order. */
export interface Candidates {
  readonly count: number;
  /** The position with `rank` others before it; `rank` is below `count`. */
  at(rank: number): number;
}

/** What crop centres are drawn from. */
export interface CenterCandidates {
  readonly foreground: Candidates;
  readonly background: Candidates;
}

/** An image that background centres have to be above a threshold in. */
export interface BackgroundMask {
  readonly image: Tensor;
  readonly threshold: number;
}

/** Positions as a ready-made list. */
export function listedCandidates(positions: readonly number[]): Candidates {
  return { count: positions.length, at: (rank) => positions[rank] };
}

// 0 is neither.
const BACKGROUND = 1;
const FOREGROUND = 2;

/**
 * Foreground: where any channel of the label is not 0 (without the first channel when there are several). Background:
 * everything else, or of it only where any channel of the image is above the threshold.
 */
export function findCandidates(label: Tensor, mask?: BackgroundMask): CenterCandidates {
  const [channels, ...spatial] = label.shape;
  const kinds = new Uint8Array(spatial.reduce((product, size) => product * size, 1));
  if (mask === undefined) kinds.fill(BACKGROUND);
  else markAbove(kinds, mask.image, mask.threshold);
  markLabelled(kinds, label, channels > 1 ? 1 : 0);
  return { foreground: indexKind(kinds, FOREGROUND), background: indexKind(kinds, BACKGROUND) };
}

function markAbove(kinds: Uint8Array, { data }: Tensor, threshold: number): void {
  for (let start = 0; start < data.length; start += kinds.length) {
    for (let position = 0; position < kinds.length; position++) {
      if (data[start + position] > threshold) kinds[position] = BACKGROUND;
    }
  }
}

function markLabelled(kinds: Uint8Array, { data }: Tensor, firstChannel: number): void {
  for (let start = firstChannel * kinds.length; start < data.length; start += kinds.length) {
    for (let position = 0; position < kinds.length; position++) {
      if (data[start + position] !== 0) kinds[position] = FOREGROUND;
    }
  }
}

/** Positions per count that is kept. */
const BLOCK = 4096;

/**
 * The positions of one kind, counted per block: a large volume has tens of millions of them, of which only a few are drawn, so a
 * list of all would be a waste.
 */
function indexKind(kinds: Uint8Array, kind: typeof BACKGROUND | typeof FOREGROUND): Candidates {
  const counts = new Uint16Array(Math.ceil(kinds.length / BLOCK));
  let count = 0;
  for (let position = 0; position < kinds.length; position++) {
    if (kinds[position] !== kind) continue;
    counts[Math.floor(position / BLOCK)]++;
    count++;
  }
  return {
    count,
    at(rank) {
      let rest = rank;
      let block = 0;
      while (rest >= counts[block]) rest -= counts[block++];
      let position = block * BLOCK;
      while (kinds[position] !== kind || rest-- > 0) position++;
      return position;
    },
  };
}
