import { FaultError, type Fault } from '../../common/fault.ts';
import { parseSetValue, type SetArguments } from '../../common/mmar/set-arguments.ts';
import type { EngineLimits } from '../engine/engine-setup.ts';

/** What `--set` says about the run itself. */
export interface RunSettings {
  readonly runId: string | undefined;
  readonly workers: string;
  readonly traceOut: 'console' | 'file' | 'both';
  readonly traceFile: string;
  readonly limits: EngineLimits;
}

const RUN_ID = /^[A-Za-z0-9][\w.-]{0,99}$/;
const TRACE_OUT = ['console', 'file', 'both'] as const;

/** Reads the settings of a run. @throws FaultError `usage` with everything that is wrong */
export function readRunSettings({ texts }: SetArguments): RunSettings {
  const faults: Fault[] = [];
  const refuse = (argument: string, allowed: string): void =>
    void faults.push({
      code: 'usage',
      argument,
      message: `--set ${argument}=${texts[argument]} does not fit.`,
      allowed,
    });
  const seconds = (argument: string): number | undefined => {
    const text = texts[argument];
    if (text === undefined) return undefined;
    const value = parseSetValue(text);
    if (typeof value === 'number' && value > 0) return value;
    refuse(argument, 'seconds, more than 0');
    return undefined;
  };
  const runId = texts.run_id;
  if (runId !== undefined && !RUN_ID.test(runId))
    refuse('run_id', 'a name of letters, digits, ".", "-" and "_" that begins with a letter or digit');
  const traceOut = TRACE_OUT.find((option) => option === (texts.traceout ?? 'file'));
  if (traceOut === undefined) refuse('traceout', TRACE_OUT.join(', '));
  const traceFile = texts.engTrace ?? 'trace.log';
  if (!RUN_ID.test(traceFile))
    refuse('engTrace', "the name of a file in the run's folder, such as trace.log");
  const limits = {
    jobPollInterval: seconds('job_poll_interval'),
    maxJobRunTime: seconds('max_job_run_time'),
    maxSysRunTime: seconds('max_sys_run_time'),
  };
  if (faults.length > 0) throw new FaultError(...faults);
  return { runId, workers: texts.workers ?? '0', traceOut: traceOut!, traceFile, limits };
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
