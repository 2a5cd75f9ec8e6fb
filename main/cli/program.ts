import { Command, CommanderError } from 'commander';
import { FaultError } from '../../common/fault.ts';
import { EXIT, type SetExitCode } from './exit-code.ts';
import { loadCommands, type CommandGroup } from './load-commands.ts';
import { noteFaults, type Output } from './output.ts';
import { programVersion } from '../node/program-version.ts';

/** Parses the command line, runs the command, and gives the exit code. Faults are printed; defects are thrown. */
export async function runProgram(args: readonly string[], output: Output): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = await makeProgram(args, output, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof FaultError) {
      noteFaults(output, error.faults);
      return error.faults.some((fault) => fault.code === 'usage') ? EXIT.usage : EXIT.failed;
    }
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    throw error;
  }
}

/** In the order in which help names them. */
const GROUPS: readonly CommandGroup[] = [
  { words: ['mmar'], load: async () => (await import('./commands/mmar.ts')).addMmarCommands },
  {
    words: ['search-space'],
    load: async () => (await import('./commands/search-space.ts')).addSearchSpaceCommand,
  },
  { words: ['automl'], load: async () => (await import('./commands/automl.ts')).addAutomlCommand },
  { words: ['runs'], load: async () => (await import('./commands/runs.ts')).addRunsCommand },
  {
    words: ['train', 'evaluate', 'export'],
    load: async () => (await import('./commands/trainer.ts')).addTrainerCommands,
  },
  {
    words: ['controller'],
    load: async () => (await import('./commands/controller.ts')).addControllerCommand,
  },
  { words: ['mlflow'], load: async () => (await import('./commands/mlflow.ts')).addMlflowCommands },
  { words: ['demo'], load: async () => (await import('./commands/demo.ts')).addDemoCommand },
  { words: ['serve'], load: async () => (await import('./commands/serve.ts')).addServeCommand },
];

async function makeProgram(
  args: readonly string[],
  output: Output,
  setExitCode: SetExitCode,
): Promise<Command> {
  const program = new Command('outerloop')
    .description(
      'AutoML and training of medical imaging models in Clara-style MMARs, offline and without Python',
    )
    .version(programVersion())
    .showHelpAfterError('Say "outerloop --help" or "outerloop <command> --help" for what there is.')
    .configureOutput({
      writeOut: (text) => output.line(text.trimEnd()),
      writeErr: (text) => output.note(text.trimEnd()),
    })
    .exitOverride();
  await loadCommands(GROUPS, args, program, output, setExitCode);
  return program;
}
