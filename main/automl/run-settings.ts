import { FaultError, type Fault } from '../../common/fault.ts';
import { parseSetValue, type SetArguments } from '../../common/mmar/set-arguments.ts';
import type { EngineSettings } from '../../common/mmar/engine-settings.ts';
import type { EngineLimits } from '../engine/engine-setup.ts';
import { RUN_FILES } from './run-folder.ts';

/** What `--set` says about the run itself. */
export interface RunSettings {
  readonly runId: string | undefined;
  readonly workers: string;
  readonly traceOut: 'console' | 'file' | 'both';
  readonly traceFile: string;
  readonly limits: EngineLimits;
}

/** One worker on the first GPU; on the CPU where there is none. */
const DEFAULT_WORKERS = '0';
const RUN_ID = /^[A-Za-z0-9][\w.-]{0,99}$/;
/** The run writes them itself: a trace in one of them would destroy it. */
const OWN_FILES: readonly string[] = Object.values(RUN_FILES);
const TRACE_OUT = ['console', 'file', 'both'] as const;

/** Lifts a limit that the config sets. */
const NO_LIMIT = 'none';

/**
 * Reads the settings of a run: what `--set` says, else what config_automl says under `engine`.
 *
 * @throws FaultError `usage` with everything that is wrong
 */
export function readRunSettings({ texts }: SetArguments, engine: EngineSettings = {}): RunSettings {
  const faults: Fault[] = [];
  const refuse = (argument: string, allowed: string): void =>
    void faults.push({
      code: 'usage',
      argument,
      message: `--set ${argument}=${texts[argument]} does not fit.`,
      allowed,
    });
  const seconds = (argument: string, otherwise: number | undefined): number | undefined => {
    const text = texts[argument];
    if (text === undefined) return otherwise;
    if (text === NO_LIMIT) return undefined;
    const value = parseSetValue(text);
    if (typeof value === 'number' && value > 0) return value;
    refuse(argument, `seconds, more than 0; ${NO_LIMIT} for no limit`);
    return undefined;
  };
  const runId = texts.run_id;
  if (runId !== undefined && !RUN_ID.test(runId))
    refuse('run_id', 'a name of letters, digits, ".", "-" and "_" that begins with a letter or digit');
  const traceOut = TRACE_OUT.find((option) => option === (texts.traceout ?? 'file'));
  if (traceOut === undefined) refuse('traceout', TRACE_OUT.join(', '));
  const traceFile = texts.engTrace ?? 'trace.log';
  if (!RUN_ID.test(traceFile) || (traceFile !== RUN_FILES.trace && OWN_FILES.includes(traceFile)))
    refuse('engTrace', "the name of a file in the run's folder, such as trace.log");
  const limits = {
    jobPollInterval: seconds('job_poll_interval', engine.jobPollInterval),
    maxJobRunTime: seconds('max_job_run_time', engine.maxJobRunTime),
    maxSysRunTime: seconds('max_sys_run_time', engine.maxSysRunTime),
  };
  if (faults.length > 0) throw new FaultError(...faults);
  return {
    runId,
    workers: texts.workers ?? engine.workers ?? DEFAULT_WORKERS,
    traceOut: traceOut!,
    traceFile,
    limits,
  };
}

/** What a search itself reads; `trainconf` is a variable with a default. */
const KNOWN = [
  'run_id',
  'workers',
  'trainconf',
  'traceout',
  'engTrace',
  'job_poll_interval',
  'max_job_run_time',
  'max_sys_run_time',
];

/**
 * Warnings about settings that nothing reads: a search does not hand its settings on to its jobs, so that `epochs=5`
 * would be lost without a word.
 *
 * @param automlText the text of config_automl, whose `{variables}` may be set too
 */
export function findUnusedSettings({ texts }: SetArguments, automlText: string): readonly Fault[] {
  return Object.keys(texts)
    .filter((name) => !KNOWN.includes(name) && !automlText.includes(`{${name}}`))
    .map((name) => ({
      code: 'usage',
      argument: name,
      message: `--set ${name}=${texts[name]} changes nothing: a search does not hand it on to its jobs.`,
      allowed: `${KNOWN.join(', ')}, and the variables of config_automl.json; what jobs train with stands in the train config`,
    }));
}

/** What a run was started with, overlaid with what a resume says. */
export function mergeSetArguments(
  before: Readonly<Record<string, unknown>>,
  now: SetArguments,
): SetArguments {
  const kept = Object.entries(before).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  const texts = { ...Object.fromEntries(kept), ...now.texts };
  return {
    texts,
    values: Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, parseSetValue(text)])),
  };
}
