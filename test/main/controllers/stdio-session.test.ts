import { describe, expect, it } from 'vitest';
import { unwrap } from '../../../common/fault.ts';
import { createController } from '../../../main/controllers/registry.ts';
import { StdioSession, type ControllerReply } from '../../../main/controllers/stdio-session.ts';
import { contractSpaces } from '../../contracts/controller-spaces.ts';

function makeSession(maxRounds = 3): StdioSession {
  const controller = unwrap(createController('RandomController', { max_rounds: maxRounds, batch: 2 }));
  return new StdioSession(controller, { space: contractSpaces['everything']!, seed: 7, numWorkers: 1 });
}

const say = (session: StdioSession, message: unknown): Promise<ControllerReply> =>
  session.answer(JSON.stringify(message));

describe('a controller over lines', () => {
  it('plays a search from ready to done', async () => {
    const session = makeSession();
    expect(await session.start('RandomController', 7)).toMatchObject({
      type: 'ready',
      protocol: 1,
      planned_jobs: 3,
      parameters: contractSpaces['everything']!.parameters.map(({ prl }) => prl),
    });
    const first = await say(session, { type: 'ask' });
    expect(first).toMatchObject({ type: 'recommendation', id: 0 });
    expect((first.concrete as Record<string, unknown>)['net.enum.train.model$0:norm']).toEqual([
      expect.stringMatching(/batch|instance/),
    ]);
    expect(await say(session, { type: 'ask' })).toMatchObject({ type: 'recommendation', id: 1 });
    expect(await say(session, { type: 'ask' })).toEqual({ type: 'wait' });
    expect(await say(session, { type: 'tell', id: 1, score: 0.5 })).toEqual({
      type: 'told',
      id: 1,
      waiting: 1,
      planned_jobs: 3,
    });
    expect(await say(session, { type: 'ask' })).toMatchObject({ type: 'recommendation', id: 2 });
    await say(session, { type: 'tell', id: 0, status: 'failed' });
    await say(session, { type: 'tell', id: 2, score: 0.7 });
    expect(await say(session, { type: 'ask' })).toEqual({ type: 'done' });
    expect(await say(session, { type: 'stop' })).toEqual({ type: 'stopped' });
    expect(session.hasEnded).toBe(true);
  });

  it('answers what is wrong with an error, and goes on as if nothing was said', async () => {
    const session = makeSession();
    await session.start('RandomController', 7);
    expect(await session.answer('{"type":')).toMatchObject({
      type: 'error',
      message: 'The line is no JSON.',
    });
    expect(await say(session, { type: 'tel', id: 0 })).toEqual({
      type: 'error',
      message: 'type: "tel" does not fit. Allowed: "ask", "tell", "stop".',
    });
    expect(await say(session, {})).toMatchObject({
      message: expect.stringContaining('is missing') as string,
    });
    expect(await say(session, { type: 'tell', id: 0, score: 'high' })).toMatchObject({ type: 'error' });
    expect(await say(session, { type: 'tell', id: 0, score: 1 })).toMatchObject({ type: 'error' });
    expect(await say(session, { type: 'ask' })).toMatchObject({ type: 'recommendation', id: 0 });
    await say(session, { type: 'tell', id: 0, score: 1 });
    expect(await say(session, { type: 'tell', id: 0, score: 1 })).toMatchObject({ type: 'error' });
  });
});
