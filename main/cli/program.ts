import { Command, CommanderError } from 'commander';
import { FaultError } from '../../common/fault.ts';
import { addAutomlCommand } from './commands/automl.ts';
import { addControllerCommand } from './commands/controller.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addMlflowCommands } from './commands/mlflow.ts';
import { addMmarCommands } from './commands/mmar.ts';
import { addSearchSpaceCommand } from './commands/search-space.ts';
import { addServeCommand } from './commands/serve.ts';
import { addTrainerCommands } from './commands/trainer.ts';
import { EXIT, type SetExitCode } from './exit-code.ts';
import { noteFaults, type Output } from './output.ts';
import { programVersion } from '../node/program-version.ts';

/** Parses the command line, runs the command, and gives the exit code. Faults are printed; defects are thrown. */
export async function runProgram(args: readonly string[], output: Output): Promise<number> {
  let exitCode: number = EXIT.ok;
  const program = makeProgram(output, (code) => {
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

function makeProgram(output: Output, setExitCode: SetExitCode): Command {
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
  addMmarCommands(program, output, setExitCode);
  addSearchSpaceCommand(program, output);
  addAutomlCommand(program, output, setExitCode);
  addTrainerCommands(program, output, setExitCode);
  addControllerCommand(program, output);
  addMlflowCommands(program, output, setExitCode);
  addDemoCommand(program, output, setExitCode);
  addServeCommand(program, output);
  return program;
}
