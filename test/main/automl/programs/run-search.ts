import { join } from 'node:path';
import { parseSetArguments } from '../../../../common/mmar/set-arguments.ts';
import { unwrap } from '../../../../common/fault.ts';
import { runAutoml } from '../../../../main/automl/run-automl.ts';
import { processTable } from '../../../../main/node/process-table.ts';
import { trainerLauncher } from '../../../../main/node/launch-trainer.ts';

/** A search as the command line runs it, with the fake trainer. Prints the summary. Arguments: MMAR, seed, --set words, --resume. */
const [mmarRoot, seed, ...words] = process.argv.slice(2).filter((word) => word !== '--resume');
const entry = join(import.meta.dirname, 'fake-trainer.ts');
const stop = new AbortController();
process.on('SIGINT', () => stop.abort());

const summary = await runAutoml({
  mmarRoot: mmarRoot!,
  seed: Number(seed),
  overrides: unwrap(parseSetArguments(words)),
  resume: process.argv.includes('--resume'),
  stop: stop.signal,
  ports: {
    launcher: { ...trainerLauncher, launch: (spec) => trainerLauncher.launch({ ...spec, entry }) },
    // the run's folder is there when its lock is taken
    processes: {
      ...processTable,
      self: () => {
        process.send?.('ready');
        return processTable.self();
      },
    },
    devices: { listGpus: () => Promise.resolve([]), countCores: () => 2 },
  },
  observe: (observation) => {
    if (observation.type === 'job' && observation.record.state === 'running')
      process.send?.(observation.record.job);
  },
});
console.log(JSON.stringify(summary));
