import type { Command } from 'commander';
import { resolve } from 'node:path';
import { importPath } from '../../../mlflow/import/import-path.ts';
import { openTrackingStore } from '../../../mlflow/store/tracking-store.ts';
import { countOf } from '../../format.ts';
import type { Output } from '../../output.ts';
import { chooseStoreFolder } from './store-folder.ts';

interface ImportOptions {
  readonly artifacts?: string;
  readonly store?: string;
  readonly json?: boolean;
}

/** `outerloop mlflow import`: runs of another store, or of earlier searches, without duplicates. */
export function addMlflowImport(mlflow: Command, output: Output): void {
  mlflow
    .command('import')
    .description(
      'bring in runs and models of an mlruns folder, of an MLflow database, or of earlier searches; twice is as once',
    )
    .argument('<path>', 'mlruns folder, mlflow.db, MMAR, or the folder of one search')
    .option('--artifacts <folder>', 'where the artifacts of a database are (default: beside it)')
    .option('--store <folder>', "the tracking store (default: the user's own)")
    .option('--json', 'for programs')
    .action(async (path: string, { artifacts, store: named, json = false }: ImportOptions) => {
      const store = openTrackingStore(chooseStoreFolder(named));
      try {
        const request = {
          path: resolve(path),
          ...(artifacts === undefined ? {} : { artifacts: resolve(artifacts) }),
        };
        const report = await importPath(store, request);
        if (json) output.line(JSON.stringify(report));
        else
          output.line(
            [
              `${countOf(report.newRuns, 'new run')}, ${report.knownRuns} known before`,
              countOf(report.newModels, 'new logged model'),
              countOf(report.newVersions, 'new model version'),
              countOf(report.files, 'file'),
            ].join(', '),
          );
        for (const problem of report.problems) output.note(`warning: ${problem}`);
      } finally {
        store.close();
      }
    });
}
