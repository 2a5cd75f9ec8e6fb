/** What a random transform has drawn for one item, by a name for people. */
export interface Draw {
  readonly name: string;
  readonly value: boolean | number | string | readonly number[];
}

let listener: ((draw: Draw) => void) | undefined;

/** Tells of a parameter that was drawn. Costs nothing where nobody listens, as in a training. */
export function reportDraw(name: Draw['name'], value: Draw['value']): void {
  listener?.({ name, value });
}

/** Does some work and gives what was drawn in it, in order. */
export function collectDraws<Result>(work: () => Result): {
  readonly result: Result;
  readonly draws: readonly Draw[];
} {
  const draws: Draw[] = [];
  const outer = listener;
  listener = (draw) => void draws.push(draw);
  try {
    return { result: work(), draws };
  } finally {
    listener = outer;
  }
}
