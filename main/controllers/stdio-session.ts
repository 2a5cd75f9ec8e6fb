import { z } from 'zod';
import { FaultError, formatFault } from '../../common/fault.ts';
import { faultsOfIssues } from '../../common/mmar/schema-faults.ts';
import type { SearchSpace } from '../../common/search-space/search-space.ts';
import { makeConcreteValues } from '../../common/search-space/make-concrete.ts';
import type { Controller, ControllerSetup, Recommendation } from './controller.ts';

/** Version of the protocol (docs/controller-protocol.md). */
export const CONTROLLER_PROTOCOL = 1;

const request = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('ask') }),
  z.strictObject({
    type: z.literal('tell'),
    id: z.int().nonnegative(),
    status: z.enum(['completed', 'failed', 'aborted', 'timeout', 'diverged']).default('completed'),
    score: z.number().optional(),
  }),
  z.strictObject({ type: z.literal('stop') }),
]);

type Tell = Extract<z.output<typeof request>, { type: 'tell' }>;

/** A line that the session answers with. */
export type ControllerReply = { readonly type: string } & Readonly<Record<string, unknown>>;

/**
 * A controller driven by lines of JSON: ask for a point, tell what came of it. One reply per request, in order. A request
 * that is wrong gets an error and changes nothing.
 */
export class StdioSession {
  readonly #controller: Controller;
  readonly #space: SearchSpace;
  readonly #waiting: Recommendation[] = [];
  readonly #asked = new Set<number>();
  #ended = false;

  /** @throws FaultError when the controller refuses the space */
  constructor(controller: Controller, setup: ControllerSetup) {
    this.#controller = controller;
    this.#space = setup.space;
    controller.setSearchSpace(setup);
  }

  /** The first line: who speaks, and what is searched. */
  async start(name: string, seed: number): Promise<ControllerReply> {
    this.#waiting.push(...(await this.#controller.initialRecommendation()));
    return {
      type: 'ready',
      protocol: CONTROLLER_PROTOCOL,
      controller: name,
      seed,
      ...this.#planned(),
      parameters: this.#space.parameters.map(({ prl }) => prl),
    };
  }

  /** True after `stop`. */
  get hasEnded(): boolean {
    return this.#ended;
  }

  /** Answers one line. */
  async answer(line: string): Promise<ControllerReply> {
    let json: unknown;
    try {
      json = JSON.parse(line);
    } catch {
      return { type: 'error', message: 'The line is no JSON.' };
    }
    const parsed = request.safeParse(json, { reportInput: true });
    if (!parsed.success) {
      const faults = faultsOfIssues(parsed.error, { path: [] });
      return { type: 'error', message: faults.map(formatFault).join(' ') };
    }
    try {
      return await this.#reply(parsed.data);
    } catch (error) {
      if (error instanceof FaultError)
        return { type: 'error', message: error.faults.map(formatFault).join(' ') };
      throw error;
    }
  }

  async #reply(message: z.output<typeof request>): Promise<ControllerReply> {
    if (message.type === 'ask') return this.#ask();
    if (message.type === 'tell') return this.#tell(message);
    this.#ended = true;
    await this.#controller.shutdown();
    return { type: 'stopped' };
  }

  #ask(): ControllerReply {
    const next = this.#waiting.shift();
    if (next === undefined) return { type: this.#asked.size > 0 ? 'wait' : 'done' };
    this.#asked.add(next.id);
    const concrete = makeConcreteValues(this.#space, next.values);
    return { type: 'recommendation', id: next.id, values: next.values, concrete };
  }

  async #tell({ id, status, score }: Tell): Promise<ControllerReply> {
    if (!this.#asked.delete(id)) {
      return { type: 'error', message: `Recommendation ${id} was not asked for, or was told already.` };
    }
    this.#waiting.push(
      ...(await this.#controller.refineRecommendation({ recommendationId: id, status, score })),
    );
    return { type: 'told', id, waiting: this.#waiting.length, ...this.#planned() };
  }

  #planned(): { readonly planned_jobs?: number } {
    const planned = this.#controller.plannedJobs?.();
    return planned === undefined ? {} : { planned_jobs: planned };
  }
}
