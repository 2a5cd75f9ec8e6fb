import type { Command } from 'commander';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { EXIT, type SetExitCode } from '../exit-code.ts';
import { checkBeforeTraining, findMmarOption } from '../check-before-training.ts';
import { locateMmar } from '../locate-mmar.ts';
import { noteFaults, type Output } from '../output.ts';
import { lockModels } from '../lock-models.ts';
import { trackTraining } from '../track-training.ts';
import { trustedHere } from './trust.ts';
import { allowedHere } from './write-to.ts';

const trainerEntry = resolve(import.meta.dirname, '../../../trainer/main.ts');

/**
 * `outerloop train | evaluate | export`: the trainer's own program, which takes the same options. It runs as a child, since
 * main never loads the native code that trains.
 */
export function addTrainerCommands(program: Command, output: Output, setExitCode: SetExitCode): void {
  // what follows one of these names is the trainer's, even where it looks like an option of this program
  program.enablePositionalOptions();
  const commands = {
    train: 'train with a config_train.json; --mlflow shows it in MLflow',
    evaluate: 'measure or segment with a config_validation.json or config_inference.json',
    export: 'write a model.onnx from a checkpoint',
  };
  for (const [name, description] of Object.entries(commands)) {
    program
      .command(name)
      .description(description)
      .argument('[options...]', `see "outerloop ${name} --help"`)
      .allowUnknownOption()
      .helpOption(false)
      .passThroughOptions()
      .action(async (args: string[]) => setExitCode(await runCommand(name, args, output)));
  }
}

/** An option of ours among the trainer's: the training is shown in MLflow. */
const TRACK = '--mlflow';

async function runCommand(name: string, words: readonly string[], output: Output): Promise<number> {
  const args = words.filter((word) => name !== 'train' || word !== TRACK);
  const isHelp = args.includes('--help') || args.includes('-h');
  const mmar = findMmarOption(args);
  if (!isHelp && mmar !== undefined) await locateMmar(mmar);
  if (name === 'train' && !isHelp) {
    const { faults, warnings } = await checkBeforeTraining(args);
    noteFaults(output, warnings, 'warning');
    noteFaults(output, faults);
    if (faults.length > 0) return EXIT.failed;
  }
  const trainerArgs = [name, ...args, ...(await trustOption(args)), ...(await writeOptions(args))];
  const lock = name === 'train' ? await lockModels(trainerArgs.slice(1)) : undefined;
  try {
    const tracked = args.length === words.length ? undefined : await trackTraining(args, output);
    const code = await runTrainer(trainerArgs, output);
    await tracked?.end(code);
    return code;
  } finally {
    await lock?.release();
  }
}

/** What the user has trusted before needs no `--trust` each time. */
async function trustOption(args: readonly string[]): Promise<readonly string[]> {
  const mmarRoot = findMmarOption(args);
  if (args.includes('--trust') || mmarRoot === undefined || !existsSync(mmarRoot)) return [];
  const code = await trustedHere(mmarRoot);
  return code === undefined ? [] : ['--trust', '--code_digest', code.customDigest];
}

/** Where the user lets the configs of this MMAR write beside it. */
async function writeOptions(args: readonly string[]): Promise<readonly string[]> {
  const mmarRoot = findMmarOption(args);
  const folders = mmarRoot === undefined ? [] : await allowedHere(mmarRoot);
  return folders.flatMap((folder) => ['--write_to', folder]);
}

/** Runs the trainer with this process's terminal; Ctrl-C reaches it, and it ends in its own order. */
async function runTrainer(args: readonly string[], output: Output): Promise<number> {
  // by the channel the trainer notices when this process is killed: nobody would stop it then
  const child = spawn(process.execPath, [trainerEntry, ...args], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // the terminal sends the signal to both: this process waits for the child's own end
  const wait = (): void => {};
  process.on('SIGINT', wait);
  const terminate = (): void => void child.kill('SIGTERM');
  process.on('SIGTERM', terminate);
  try {
    return await new Promise<number>((settle, reject) => {
      child.on('error', reject);
      child.on('exit', (code, signal) => {
        if (signal !== null) output.note(`the trainer was ended by ${signal}`);
        settle(code ?? EXIT.failed);
      });
    });
  } finally {
    process.off('SIGINT', wait);
    process.off('SIGTERM', terminate);
  }
}
