/** A line that is longer is passed on in pieces. */
const LONGEST_LINE = 2 ** 20;

/**
 * Gives a stream of text line by line, whatever the pieces are in which it comes; each line keeps its end. Only lines
 * that could be JSON are waited for: others are passed on as they come, since progress bars have no line ends.
 */
export class LineSplitter {
  readonly #take: (text: string, isWholeLine: boolean) => void;
  #rest = '';
  #isWithinLine = false;

  /** @param take gets a whole line, or a piece of one */
  constructor(take: (text: string, isWholeLine: boolean) => void) {
    this.#take = take;
  }

  push(text: string): void {
    const lines = (this.#rest + text).split(/(?<=\n)/);
    this.#rest = this.#mayWaitFor(lines.at(-1)!, lines.length === 1) ? lines.pop()! : '';
    for (const line of lines) this.#pass(line);
  }

  /** Nothing more comes. */
  end(): void {
    this.#pass(this.#rest);
    this.#rest = '';
  }

  #mayWaitFor(last: string, isContinued: boolean): boolean {
    if (last.endsWith('\n') || last.length >= LONGEST_LINE || (isContinued && this.#isWithinLine))
      return false;
    return last.trimStart().startsWith('{');
  }

  #pass(text: string): void {
    if (text === '') return;
    this.#take(text, !this.#isWithinLine);
    this.#isWithinLine = !text.endsWith('\n');
  }
}
