import type { Command } from 'commander';
import type { SetExitCode } from '../exit-code.ts';
import { loadCommands, type CommandGroup } from '../load-commands.ts';
import type { Output } from '../output.ts';

/** In the order in which help names them. */
const GROUPS: readonly CommandGroup[] = [
  { words: ['serve'], load: async () => (await import('./mlflow/serve.ts')).addMlflowServe },
  { words: ['ui'], load: async () => (await import('./mlflow/ui.ts')).addMlflowUi },
  { words: ['remote'], load: async () => (await import('./mlflow/remote.ts')).addMlflowRemote },
  { words: ['sync'], load: async () => (await import('./mlflow/sync.ts')).addMlflowSync },
  { words: ['import'], load: async () => (await import('./mlflow/import.ts')).addMlflowImport },
];

/** `outerloop mlflow ...`: what belongs to the tracking of runs. */
export async function addMlflowCommands(
  program: Command,
  output: Output,
  setExitCode: SetExitCode,
  rest: readonly string[],
): Promise<void> {
  const mlflow = program
    .command('mlflow')
    .description('track runs: the embedded MLflow server, its store, and the servers that runs are sent to');
  await loadCommands(GROUPS, rest, mlflow, output, setExitCode);
}
