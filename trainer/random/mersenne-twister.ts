const STATE_LENGTH = 624;
const SHIFT = 397;

/**
 * MT19937 (Matsumoto and Nishimura 1998), seeded by its `init_genrand` as numpy's legacy generator does for an integer
 * seed. Returns a function that gives the next 32 random bits as an unsigned integer.
 */
export function createMersenneTwister(seed: number): () => number {
  const state = new Uint32Array(STATE_LENGTH);
  state[0] = seed;
  for (let index = 1; index < STATE_LENGTH; index++) {
    const previous = state[index - 1] ^ (state[index - 1] >>> 30);
    state[index] = Math.imul(previous, 1812433253) + index;
  }
  let position = STATE_LENGTH;

  return () => {
    if (position === STATE_LENGTH) {
      twist(state);
      position = 0;
    }
    let bits = state[position++];
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    bits ^= bits >>> 18;
    return bits >>> 0;
  };
}

/** Replaces the whole state by the next one. */
function twist(state: Uint32Array): void {
  const last = STATE_LENGTH - 1;
  const wrapped = STATE_LENGTH - SHIFT;
  for (let index = 0; index < wrapped; index++) twistWord(state, index, index + 1, index + SHIFT);
  for (let index = wrapped; index < last; index++) twistWord(state, index, index + 1, index - wrapped);
  twistWord(state, last, 0, SHIFT - 1);
}

function twistWord(state: Uint32Array, index: number, next: number, shifted: number): void {
  const joined = (state[index] & 0x80000000) | (state[next] & 0x7fffffff);
  state[index] = state[shifted] ^ (joined >>> 1) ^ (-(joined & 1) & 0x9908b0df);
}
