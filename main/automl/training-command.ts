import { join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '../..');

/** Outerloop's trainer: the module that Node runs. */
export const trainerEntry = join(repository, 'trainer/main.ts');

/** What an executor starts for a job: a module for Node that speaks the trainer's protocol. */
export interface TrainingCommand {
  readonly entry: string;
  readonly args: (jobRoot: string, resume: boolean) => readonly string[];
  /** True for our own trainer: configs can be checked against what it knows. */
  readonly isOwnTrainer: boolean;
  /** Added to the environment of the process. */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * Outerloop's trainer. `--resume` lets it go on from the job's checkpoint, where there is one.
 *
 * @param writeTo folders outside the job's MMAR that its configs may write into
 * @param codeDigest of the code in the job's custom/ that may run; undefined when none may
 */
export function ownTrainer(codeDigest: string | undefined, writeTo: readonly string[] = []): TrainingCommand {
  return {
    entry: trainerEntry,
    args: (jobRoot, resume) => [
      ...['train', '-m', jobRoot, '-c', 'config/config_train.json', '-e', 'config/environment.json'],
      '--write_train_stats',
      ...(resume ? ['--resume'] : []),
      ...(codeDigest === undefined ? [] : ['--trust', '--code_digest', codeDigest]),
      ...writeTo.flatMap((folder) => ['--write_to', folder]),
      ...['--set', 'print_conf=True'],
    ],
    isOwnTrainer: true,
  };
}

/** A command of the job's MMAR. A shell script runs in bash where scripts cannot be run as they are. */
export function siteCommand(command: string): TrainingCommand {
  return {
    entry: join(repository, 'main/node/run-command.ts'),
    args: (jobRoot) =>
      command.endsWith('.sh') ? ['bash', join(jobRoot, command)] : [join(jobRoot, command)],
    isOwnTrainer: false,
    // our own trainer, where the command comes to call it, then prints its messages beside its log
    environment: { OUTERLOOP_PROGRESS: 'lines' },
  };
}

/** The program that commands of an MMAR call. */
export const outerloopProgram = join(repository, 'bin/outerloop');
