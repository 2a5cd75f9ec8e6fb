import { FaultError } from '../../common/fault.ts';
import type { ResolvedAutomlConfig } from '../../common/mmar/config-automl.ts';
import type { ComponentNode } from '../../common/mmar/resolved-config.ts';
import type { RunIdentity } from '../../common/run/journal-event.ts';
import { digestUserCode } from '../mmar/trust/list-user-code.ts';
import type { CodeSnapshot } from './code-snapshot.ts';
import { digest, type SearchedMmar } from './searched-mmar.ts';

/** The name of a component in messages and in the journal. */
export function nameOf({ name, path }: ComponentNode): string {
  return path ?? name;
}

/** What makes a run the run it is. */
export function describeIdentity(
  { mmar, code, config }: { mmar: SearchedMmar; code: CodeSnapshot; config: ResolvedAutomlConfig },
  run: Pick<RunIdentity, 'runId' | 'seed' | 'numWorkers' | 'trusted'>,
): RunIdentity {
  const { controller, executor, handlers } = config;
  return {
    ...run,
    controller: nameOf(controller),
    executor: nameOf(executor),
    handlers: handlers.map(nameOf),
    digests: {
      config_train: mmar.trainConfigDigest,
      controller: digestComponent(controller),
      ...(run.trusted ? digestCode(code) : {}),
    },
  };
}

/** What a user trusts: modules and scripts. */
function digestCode({
  files,
  customDigest,
}: CodeSnapshot): Record<'custom' | 'commands' | 'otherCode', string> {
  const commands = files.filter(({ path }) => path.startsWith('commands/'));
  const others = files.filter(({ path }) => !/^(custom|commands)\//.test(path));
  return { custom: customDigest, commands: digestUserCode(commands), otherCode: digestUserCode(others) };
}

function digestComponent({ name, path, args }: ComponentNode): string {
  return digest(JSON.stringify({ name, path, args }));
}

/**
 * Makes sure that a run that is resumed is still the same: its answers are compared with those in its journal, and only
 * the same config, controller, code and seed give the same. Workers, handlers and the place of the data may change.
 *
 * @throws FaultError `run-changed` that names what is another
 */
export function refuseChangedRun(before: RunIdentity, now: RunIdentity): void {
  /** A run that was made without trust may get it later. */
  const isSameCode = (name: string): boolean =>
    before.digests[name] === undefined || before.digests[name] === now.digests[name];
  const changed = [
    before.digests.config_train === now.digests.config_train ? '' : 'the train config',
    before.digests.controller === now.digests.controller ? '' : 'the controller or its arguments',
    before.executor === now.executor ? '' : 'the executor',
    isSameCode('custom') ? '' : 'the code in custom/',
    isSameCode('commands') ? '' : 'the scripts in commands/',
    isSameCode('otherCode') ? '' : 'code in other folders of the MMAR',
    before.seed === now.seed ? '' : `the seed (it was ${before.seed})`,
  ].filter((item) => item !== '');
  if (changed.length === 0) return;
  throw new FaultError({
    code: 'run-changed',
    message: `The run ${before.runId} was made with something else: ${changed.join(', ')}.`,
    allowed: 'what the run was made with, or a new run_id',
  });
}
