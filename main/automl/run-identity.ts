import { FaultError } from '../../common/fault.ts';
import type { ResolvedAutomlConfig } from '../../common/mmar/config-automl.ts';
import type { ComponentNode } from '../../common/mmar/resolved-config.ts';
import type { RunIdentity } from '../../common/run/journal-event.ts';
import { digestUserCode, type CodeSurvey } from '../mmar/trust/list-user-code.ts';
import { digest, type SearchedMmar } from './searched-mmar.ts';

/** The name of a component in messages and in the journal. */
export function nameOf({ name, path }: ComponentNode): string {
  return path ?? name;
}

/** What makes a run the run it is. */
export function describeIdentity(
  { mmar, code, config }: { mmar: SearchedMmar; code: CodeSurvey; config: ResolvedAutomlConfig },
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
}: CodeSurvey): Record<'custom' | 'commands' | 'otherCode', string> {
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
  refuseChanges(before, [
    before.digests.config_train === now.digests.config_train ? '' : 'the train config',
    before.digests.controller === now.digests.controller ? '' : 'the controller or its arguments',
    before.executor === now.executor ? '' : 'the executor',
    ...listChangedCode(before, now.digests),
    before.seed === now.seed ? '' : `the seed (it was ${before.seed})`,
  ]);
}

/** As {@link refuseChangedRun}, of the code alone. @throws FaultError `run-changed` */
export function refuseChangedCode(before: RunIdentity, code: CodeSurvey): void {
  refuseChanges(before, listChangedCode(before, digestCode(code)));
}

function listChangedCode(before: RunIdentity, now: RunIdentity['digests']): readonly string[] {
  // A run that was made without trust may get it later; one of an earlier version made its digests in another way, so that
  // they say nothing of the code that is there now.
  if (before.digests.otherCode === undefined) return [];
  const isSame = (name: string): boolean => before.digests[name] === now[name];
  return [
    isSame('custom') ? '' : 'the code in custom/',
    isSame('commands') ? '' : 'the scripts in commands/',
    isSame('otherCode') ? '' : 'code in other folders of the MMAR',
  ];
}

function refuseChanges(before: RunIdentity, found: readonly string[]): void {
  const changed = found.filter((item) => item !== '');
  if (changed.length === 0) return;
  throw new FaultError({
    code: 'run-changed',
    message: `The run ${before.runId} was made with something else: ${changed.join(', ')}.`,
    allowed: 'what the run was made with, or a new run_id',
  });
}
