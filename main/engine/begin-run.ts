import { FaultError } from '../../common/fault.ts';
import { contextKey } from '../../common/run/context-key.ts';
import { JOURNAL_FORMAT, type JournalEvent } from '../../common/run/journal-event.ts';
import type { SearchSpace } from '../../common/search-space/search-space.ts';
import { INITIAL } from './controller-driver.ts';
import type { EngineParts } from './engine-parts.ts';
import { announceRecommendations, answerOutcomes, endInterrupted, repeatEndJob } from './settle-jobs.ts';

/** From `startup` to the first recommendations; on a resume, to where the run was. */
export async function beginRun(parts: EngineParts): Promise<void> {
  const { setup, record, context, handlers } = parts;
  for (const [key, value] of Object.entries(setup.properties)) context.setProp(key, value);
  context.setProp(contextKey.numWorkers, setup.identity.numWorkers);
  await record.append([describeStart(parts)]);
  await handlers.fire('startup', context);
  if (setup.history !== undefined) {
    const ended = record.jobs.list().filter(({ state }) => state !== 'running' && state !== 'interrupted');
    await handlers.fire('restore', context, ended);
  }
  await handlers.fire('start_automl', context);
  await findSearchSpace(parts);
  await beginSearch(parts);
}

function describeStart({ setup }: EngineParts): JournalEvent {
  const { history, host, identity, settings } = setup;
  if (history === undefined)
    return { type: 'run_created', format: JOURNAL_FORMAT, identity, host, settings: { ...settings } };
  return { type: 'resumed', host, ...(history.cut === undefined ? {} : { cut: history.cut }) };
}

async function findSearchSpace({ setup, record, context, handlers }: EngineParts): Promise<void> {
  const space = await setup.executor.determineSearchSpace(context);
  const before = record.state.space;
  if (before === undefined) await record.append([{ type: 'search_space', space }]);
  else refuseOtherSpace(before, space);
  context.setProp(contextKey.searchSpace, space);
  await handlers.fire('search_space_available', context);
}

async function beginSearch(parts: EngineParts): Promise<void> {
  const { setup, record, driver } = parts;
  const { seed, numWorkers } = setup.identity;
  await driver.setSearchSpace({ space: record.state.space!, seed, numWorkers });
  await driver.replay((setup.history?.entries ?? []).map(({ event }) => event));
  if (!record.state.begun) {
    const initial = await driver.ask(INITIAL, record.state);
    await record.append([initial]);
    await announceRecommendations(parts, [initial]);
  }
  for (const ended of record.state.unanswered) await repeatEndJob(parts, ended);
  await endInterrupted(parts);
  await answerOutcomes(parts);
}

/** The space comes from the config: another one means another config. */
function refuseOtherSpace(before: SearchSpace, now: SearchSpace): void {
  if (JSON.stringify(before) === JSON.stringify(now)) return;
  const prls = now.parameters.map(({ prl }) => prl);
  const changed = before.parameters.find(
    (parameter) =>
      JSON.stringify(parameter) !== JSON.stringify(now.parameters.find(({ prl }) => prl === parameter.prl)),
  );
  throw new FaultError({
    code: 'run-changed',
    message: `The search space is not the one that the run was made with${changed === undefined ? '' : `: ${changed.prl} ${prls.includes(changed.prl) ? 'is another' : 'is gone'}`}.`,
    allowed: 'the same search, or a new run',
  });
}
