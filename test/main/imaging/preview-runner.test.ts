import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type {
  PreviewCommand,
  PreviewEvent,
  PreviewMessage,
  PreviewRequest,
} from '../../../common/preview-protocol.ts';
import { PreviewRunner } from '../../../main/imaging/preview-runner.ts';
import { MessageQueue } from '../../../main/node/message-queue.ts';
import type { PreviewProcess } from '../../../main/ports/preview-launcher.ts';

/** A process that the test speaks for. */
class FakeProcess implements PreviewProcess {
  readonly messages = new MessageQueue<PreviewMessage>();
  readonly commands: PreviewCommand[] = [];
  isKilled = false;

  post(command: PreviewCommand): void {
    this.commands.push(command);
  }

  kill(): void {
    this.isKilled = true;
    this.messages.end();
  }
}

const request = { configFile: 'c', configText: '{}' } as unknown as PreviewRequest;
const done: PreviewEvent = { type: 'done', seconds: 1 };

function start() {
  const processes: FakeProcess[] = [];
  const delays: (() => void)[] = [];
  const clock = {
    now: () => 0,
    after: (_ms: number, action: () => void) => (delays.push(action), () => undefined),
  };
  const runner = new PreviewRunner(
    '/mmar',
    () => {
      const made = new FakeProcess();
      processes.push(made);
      return made;
    },
    clock,
  );
  return { runner, processes, delays };
}

async function collect(events: AsyncIterable<PreviewEvent>): Promise<PreviewEvent[]> {
  const found: PreviewEvent[] = [];
  for await (const event of events) found.push(event);
  return found;
}

describe('the runner of previews', () => {
  it('uses one process for one run after the other, and ends the events of the older one', async () => {
    const { runner, processes } = start();
    const first = runner.start(request);
    const events = collect(first.events);
    const second = runner.start(request);
    expect(await events).toEqual([]);
    processes[0]!.messages.push({ type: 'event', run: first.run, event: done });
    processes[0]!.messages.push({ type: 'event', run: second.run, event: done });
    expect(await collect(second.events)).toEqual([done]);
    expect(processes).toHaveLength(1);
  });

  it('says when the process has died, and starts another one for the next run', async () => {
    const { runner, processes } = start();
    const { run, events } = runner.start(request);
    const image = { step: 0, item: 0, key: 'image', channel: 0 };
    const reading = runner.read(run, image).catch((error: unknown) => error);
    await sleep(20);
    expect(processes[0]!.commands.map(({ type }) => type)).toEqual(['run', 'write']);
    processes[0]!.messages.end();
    await expect(collect(events)).rejects.toMatchObject({ faults: [{ code: 'preview' }] });
    expect(await reading).toMatchObject({ faults: [{ code: 'preview' }] });
    runner.start(request);
    expect(processes).toHaveLength(2);
    await expect(runner.read(run, image)).rejects.toMatchObject({ faults: [{ code: 'volume-gone' }] });
  });

  it('starts anew when the user’s code has changed, but not for ever', async () => {
    const { runner, processes } = start();
    const { run, events } = runner.start(request);
    processes[0]!.messages.push({ type: 'outdated', run });
    await sleep(5);
    expect(processes[0]!.isKilled).toBe(true);
    expect(processes[1]!.commands).toMatchObject([{ type: 'run', run }]);
    processes[1]!.messages.push({ type: 'outdated', run });
    processes[1]!.messages.push({ type: 'event', run, event: done });
    expect(await collect(events)).toEqual([done]);
    expect(processes).toHaveLength(2);
  });

  it('passes a defect on as one', async () => {
    const { runner, processes } = start();
    const { events } = runner.start(request);
    processes[0]!.messages.push({ type: 'defect', message: 'x is undefined' });
    await expect(collect(events)).rejects.toThrow('x is undefined');
  });

  it('ends a process that nobody uses', () => {
    const { runner, processes, delays } = start();
    runner.start(request);
    delays.at(-1)!();
    expect(processes[0]!.isKilled).toBe(true);
  });
});
