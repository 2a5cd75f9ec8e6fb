import { homedir } from 'node:os';
import { isAbsolute } from 'node:path';
import { FaultError, formatFault, type Fault } from '../../common/fault.ts';
import { TrainingAborted, TrainingDiverged } from '../engines/training-end.ts';
import type { MmarFiles } from '../files/mmar-files.ts';
import { EXIT_CODE, type ExitCode } from './exit-code.ts';

/** How a command ended, if not well. */
export interface Failure {
  readonly status: 'failed' | 'aborted' | 'diverged';
  /** For people and for `train_stats.json`: without the places of this machine. */
  readonly reason: string;
  readonly faults: readonly Fault[];
  readonly exitCode: ExitCode;
  /** For the defect of the program that it then is. */
  readonly stack?: string;
}

/** What an error that ended a command means. */
export function describeFailure(error: unknown, files: MmarFiles): Failure {
  if (error instanceof TrainingAborted) {
    return {
      status: 'aborted',
      reason: hidePlaces(error.message, files),
      faults: [],
      exitCode: EXIT_CODE.aborted,
    };
  }
  if (error instanceof FaultError) {
    const faults = error.faults.map((fault) => hideFaultPlaces(fault, files));
    const reason = faults.map(formatFault).join('\n');
    return error instanceof TrainingDiverged
      ? { status: 'diverged', reason, faults, exitCode: EXIT_CODE.diverged }
      : { status: 'failed', reason, faults, exitCode: EXIT_CODE.failed };
  }
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
  return {
    status: 'failed',
    reason: hidePlaces(message, files),
    faults: [],
    exitCode: EXIT_CODE.failed,
    stack: hidePlaces(stack, files),
  };
}

function hideFaultPlaces(fault: Fault, files: MmarFiles): Fault {
  return {
    ...fault,
    message: hidePlaces(fault.message, files),
    ...(fault.file !== undefined && {
      file: isAbsolute(fault.file) ? files.describe(fault.file) : fault.file,
    }),
  };
}

/** Folders of this machine may name people and projects: what is handed on has none. */
function hidePlaces(text: string, files: MmarFiles): string {
  return text.replaceAll(files.root, '.').replaceAll(homedir(), '~');
}
