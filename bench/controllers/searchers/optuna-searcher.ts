import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { clampToSpace } from '../../../common/search-space/validate-values.ts';
import type { Problem } from '../problems/problem.ts';
import type { Asked, Search, Searcher } from './searcher.ts';

const SCRIPT = fileURLToPath(new URL('optuna_searcher.py', import.meta.url));

/**
 * A sampler of Optuna with its defaults, in a Python process. Its first trial is the one that our controllers begin with:
 * what the config holds, else the middle of every range.
 */
export class OptunaSearcher implements Searcher {
  readonly name: string;
  readonly #sampler: string;
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #answers: AsyncIterator<string>;

  constructor(python: string, sampler: 'tpe' | 'gp' | 'random') {
    this.name = `optuna_${sampler}`;
    this.#sampler = sampler;
    const environment = { ...process.env, OMP_NUM_THREADS: '1', PYTHONWARNINGS: 'ignore' };
    this.#process = spawn(python, [SCRIPT], { env: environment });
    this.#process.stderr.pipe(process.stderr);
    this.#answers = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  async start({ space }: Problem, seed: number): Promise<Search> {
    const { parameters } = space;
    await this.#say({
      type: 'new',
      sampler: this.#sampler,
      seed,
      parameters,
      first: clampToSpace(space, {}),
    });
    return {
      ask: async () => (await this.#say({ type: 'ask' })) as Asked,
      tell: async (id, loss) => void (await this.#say({ type: 'tell', id, loss })),
    };
  }

  async close(): Promise<void> {
    this.#process.stdin.end();
  }

  async #say(message: object): Promise<unknown> {
    this.#process.stdin.write(`${JSON.stringify(message)}\n`);
    const { value, done } = await this.#answers.next();
    if (done) throw new Error('the Python process ended');
    return JSON.parse(value);
  }
}
