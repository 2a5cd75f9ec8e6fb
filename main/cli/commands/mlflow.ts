import type { Command } from 'commander';
import type { SetExitCode } from '../exit-code.ts';
import type { Output } from '../output.ts';
import { addMlflowImport } from './mlflow/import.ts';
import { addMlflowRemote } from './mlflow/remote.ts';
import { addMlflowServe } from './mlflow/serve.ts';
import { addMlflowSync } from './mlflow/sync.ts';
import { addMlflowUi } from './mlflow/ui.ts';

/** `outerloop mlflow ...`: what belongs to the tracking of runs. */
export function addMlflowCommands(program: Command, output: Output, setExitCode: SetExitCode): void {
  const mlflow = program
    .command('mlflow')
    .description('track runs: the embedded MLflow server and its store');
  addMlflowServe(mlflow, output);
  addMlflowUi(mlflow, output, setExitCode);
  addMlflowRemote(mlflow, output, setExitCode);
  addMlflowSync(mlflow, output, setExitCode);
  addMlflowImport(mlflow, output);
}
