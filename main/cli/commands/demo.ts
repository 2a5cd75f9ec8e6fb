import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { FaultError } from '../../../common/fault.ts';
import { makeSeededRandom } from '../../../common/random/seeded-random.ts';
import { checkWritable } from '../../mmar/check/check-machine.ts';
import { newMmar } from '../../mmar/new-mmar.ts';
import { findTemplate } from '../../mmar/template.ts';
import { writePhantomDataSet } from '../../phantoms/write-data-set.ts';
import type { Output } from '../output.ts';
import type { SetExitCode } from '../exit-code.ts';
import { parseSeed } from '../parse-seed.ts';
import { describeNewMmar } from './mmar.ts';
import { searchMmar } from './automl.ts';

/** Sizes that fill three to five minutes on two cores. */
const DEMO = {
  training: 16,
  validation: 4,
  test: 2,
  baseSize: 21,
  epochs: 40,
  validEvery: 4,
  maxRounds: 8,
} as const;

interface DemoOptions {
  readonly folder?: string;
  readonly seed: string;
  readonly workers: string;
  readonly template: string;
}

/** `outerloop demo`: the whole way, from nothing to the best of several trainings. */
export function addDemoCommand(program: Command, output: Output, setExitCode: SetExitCode): void {
  program
    .command('demo')
    .description('make volumes and an MMAR, and search it: two to four minutes on two free CPU cores')
    .option('--folder <folder>', 'where to put everything; a new folder in your home when left out')
    .option('--seed <number>', 'another seed gives other volumes and another search', '7')
    .option('--workers <workers>', 'as for automl', '0:0')
    .option(
      '--template <name>',
      'what to make the MMAR from: `outerloop mmar templates`',
      'segmentation-unet-3d',
    )
    .action(async (options: DemoOptions) => setExitCode(await runDemo(options, output)));
}

async function runDemo(options: DemoOptions, output: Output): Promise<number> {
  const seed = parseSeed(options.seed);
  const folder = options.folder === undefined ? findNewFolder() : resolve(options.folder);
  const template = await findTemplate(options.template);
  const { training, validation, test, baseSize, epochs, validEvery, maxRounds } = DEMO;

  const unwritable = await checkWritable(folder, options.folder ?? folder);
  if (unwritable !== undefined) throw new FaultError(unwritable);
  output.line(`Everything goes to ${folder}`);
  output.line('');
  output.line(`1. Drawing ${training + validation + test} labelled volumes of about ${baseSize}³ voxels`);
  const random = makeSeededRandom(seed);
  const datalist = await writePhantomDataSet({
    folder: join(folder, 'data'),
    training,
    validation,
    test,
    baseSize,
    modality: template.phantoms,
    random: () => random.uniform(),
  });

  output.line(`2. Making an MMAR from the template ${template.name}`);
  const mmarRoot = join(folder, 'mmar');
  const settings = { epochs, num_interval_per_valid: validEvery };
  const made = await newMmar({ template: template.name, folder: mmarRoot, datalist, settings });
  for (const line of describeNewMmar(made)) output.line(`   ${line}`);
  await setMaxRounds(join(mmarRoot, 'config/config_automl.json'), maxRounds);

  output.line(`3. Searching what the template marks, ${epochs} epochs a job, workers ${options.workers}`);
  output.line('');
  return searchMmar({ mmarRoot, words: ['run_id=demo', `workers=${options.workers}`], seed }, output);
}

/** `~/outerloop-demo`, or the first number behind it that is free. */
function findNewFolder(): string {
  const first = join(homedir(), 'outerloop-demo');
  for (let number = 1; ; number++) {
    const folder = number === 1 ? first : `${first}-${number}`;
    if (!existsSync(folder)) return folder;
  }
}

async function setMaxRounds(file: string, maxRounds: number): Promise<void> {
  const config = JSON.parse(await readFile(file, 'utf8')) as { controller: { args: { max_rounds: number } } };
  config.controller.args.max_rounds = maxRounds;
  await writeFile(file, `${JSON.stringify(config, null, 2)}\n`);
}
