import type { Command } from 'commander';
import { setTimeout as sleep } from 'node:timers/promises';
import type { OutboxRow } from '../../../../common/api/remotes.ts';
import { FaultError } from '../../../../common/fault.ts';
import type { Outbox } from '../../../mlflow/outbox/outbox.ts';
import { catchUp } from '../../../mlflow/project-run/open-projection.ts';
import { openTrackingStore } from '../../../mlflow/store/tracking-store.ts';
import { EXIT, type ExitCode, type SetExitCode } from '../../exit-code.ts';
import { countOf, formatTable } from '../../format.ts';
import type { Output } from '../../output.ts';
import { stopOnSignals } from '../../stop-on-signals.ts';
import { openOutbox } from './open-outbox.ts';

interface SyncOptions {
  readonly store?: string;
  readonly watch?: boolean;
  readonly interval: string;
  readonly held?: boolean;
  readonly json?: boolean;
}

/** `outerloop mlflow sync`: sends what other servers do not have, and says what is there, waits or failed, and why. */
export function addMlflowSync(mlflow: Command, output: Output, setExitCode: SetExitCode): void {
  mlflow
    .command('sync')
    .description('send runs to the remotes: what is there, what went over, what is waiting and why')
    .argument('[name]', 'one remote (default: all)')
    .option('--watch', 'go on until Ctrl-C')
    .option('--interval <seconds>', 'between two looks with --watch', '5')
    .option('--held', 'show what is held back, and why')
    .option('--store <folder>', "the tracking store (default: the user's own)")
    .option('--json', 'one line per look, for programs')
    .action(async (name: string | undefined, options: SyncOptions) =>
      setExitCode(await sync(name, options, output)),
    );
}

async function sync(name: string | undefined, options: SyncOptions, output: Output): Promise<ExitCode> {
  const intervalMs = readInterval(options.interval);
  const { outbox, folder } = openOutbox(options.store);
  const stop = stopOnSignals(output, 'Stopping: what was sent is noted, the rest follows next time.');
  try {
    const names =
      name === undefined ? outbox.remotes.list().map((entry) => entry.name) : [outbox.remotes.get(name).name];
    if (names.length === 0)
      throw new FaultError({
        code: 'usage',
        message: 'There is no remote to send to.',
        allowed: 'outerloop mlflow remote add NAME URL',
      });
    let exitCode: ExitCode = EXIT.ok;
    do {
      await catchUpFirst(folder, output);
      exitCode = EXIT.ok;
      for (const remote of names) {
        const isSent = await sendTo(outbox, remote, options, output, stop.signal);
        if (!isSent) exitCode = EXIT.failed;
      }
      if (options.watch === true && !stop.signal.aborted)
        await sleep(intervalMs, undefined, { signal: stop.signal }).catch(() => undefined);
    } while (options.watch === true && !stop.signal.aborted);
    return exitCode;
  } finally {
    stop.dispose();
    outbox.close();
  }
}

/** Searches whose engine was killed, or that ended while the store could not be written, are brought into it first. */
async function catchUpFirst(folder: string, output: Output): Promise<void> {
  const store = openTrackingStore(folder);
  try {
    if (store.readOnly !== undefined) return;
    for (const { run, problem } of await catchUp(store))
      if (problem !== undefined) output.note(`warning: a search of ${run.mmar} cannot be read: ${problem}`);
  } finally {
    store.close();
  }
}

/** @returns true when everything that can be there is there */
async function sendTo(
  outbox: Outbox,
  name: string,
  { json = false, held = false }: SyncOptions,
  output: Output,
  signal: AbortSignal,
): Promise<boolean> {
  const result = await outbox.sync(name, { signal }).catch((error: unknown) => {
    if (signal.aborted) return 'stopped' as const;
    throw error;
  });
  if (result === 'stopped') return false;
  const rows = outbox.rows(name);
  const counts = outbox.counts(name);
  const others = outbox.others(name);
  const problem =
    result === undefined ? 'another program is sending to it at this moment' : result.failure?.message;
  if (json)
    output.line(
      JSON.stringify({
        remote: name,
        problem: problem ?? null,
        ...counts,
        ...others,
        runs: rows,
        ...(held ? { heldBack: outbox.heldBack(name) } : {}),
      }),
    );
  else for (const line of describe(name, problem, { ...counts, ...others }, rows)) output.line(line);
  if (held && !json) for (const line of describeHeldBack(outbox, name, rows)) output.line(line);
  return problem === undefined && counts.failed === 0;
}

function describe(
  name: string,
  problem: string | undefined,
  counts: ReturnType<Outbox['counts']> & ReturnType<Outbox['others']>,
  rows: readonly OutboxRow[],
): string[] {
  const head = `${name}: ${countOf(counts.synced, 'run')} there, ${counts.waiting} waiting, ${counts.failed} failed; ${countOf(counts.heldBack, 'thing')} held back`;
  const open = rows.filter(({ state }) => state !== 'synced');
  return [
    head,
    ...(problem === undefined ? [] : [`  ${problem}`]),
    ...(counts.modelVersions === 0
      ? []
      : [`  ${countOf(counts.modelVersions, 'version')} of registered models there`]),
    ...(counts.leftOut.length === 0 ? [] : [`  left out: ${counts.leftOut.join(', ')}`]),
    ...(open.length === 0
      ? []
      : formatTable(
          ['run', 'experiment', 'state', 'why'],
          open.map(({ runName, experiment, state, reason }) => [
            runName,
            experiment,
            state,
            reason ?? 'it was not sent yet',
          ]),
        ).map((line) => `  ${line}`)),
  ];
}

function describeHeldBack(outbox: Outbox, name: string, rows: readonly OutboxRow[]): string[] {
  const names = new Map(rows.map(({ runId, runName }) => [runId, runName]));
  const items = outbox.heldBack(name);
  if (items.length === 0) return ['  nothing is held back'];
  return formatTable(
    ['run', 'kind', 'key', 'held back as'],
    items.map(({ runId, kind, key, rule }) => [
      names.get(runId) ?? (runId === '' ? 'registered models' : runId),
      kind,
      key,
      rule,
    ]),
  ).map((line) => `  ${line}`);
}

function readInterval(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds) && seconds >= 0.1) return seconds * 1000;
  throw new FaultError({
    code: 'usage',
    argument: '--interval',
    message: `${text} is no time.`,
    allowed: 'seconds, at least 0.1',
  });
}
