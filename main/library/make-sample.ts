import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { makeSeededRandom } from '../../common/random/seeded-random.ts';
import { newMmar } from '../mmar/new-mmar.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { writePhantomDataSet } from '../phantoms/write-data-set.ts';

/** Sizes at which one training takes well under a minute on two cores and still learns something. */
const SAMPLE = { training: 12, validation: 4, test: 2, baseSize: 21, seed: 7 } as const;
const SETTINGS = { epochs: 12, num_interval_per_valid: 2 } as const;
const JOBS = 6;
const NAME = 'phantom-segmentation';
const TEMPLATE = 'segmentation-unet-3d';
const AUTOML_CONFIG = 'config/config_automl.json';

/**
 * Draws phantoms and makes an MMAR of them, `<parent>/phantom-segmentation`, beside its images in `phantom-segmentation-data`: something to look at and to run
 * on a machine that has no data yet. Returns the absolute folder.
 */
export async function makeSample(parent: string): Promise<string> {
  const folder = findFreeFolder(parent, NAME);
  const data = `${folder}-data`;
  return withFileFaults(basename(folder), async () => {
    await mkdir(parent, { recursive: true, mode: 0o700 });
    try {
      const random = makeSeededRandom(SAMPLE.seed);
      const { seed: _seed, ...sizes } = SAMPLE;
      const datalist = await writePhantomDataSet({ folder: data, ...sizes, random: () => random.uniform() });
      await newMmar({ template: TEMPLATE, folder, datalist, settings: SETTINGS });
      await limitRounds(join(folder, AUTOML_CONFIG));
      return folder;
    } catch (error) {
      await rm(data, { recursive: true, force: true });
      throw error;
    }
  });
}

/** `name`, or the first `name-2`, `name-3` ... for which neither it nor its data is there. */
export function findFreeFolder(parent: string, name: string): string {
  for (let number = 1; ; number++) {
    const folder = join(parent, number === 1 ? name : `${name}-${number}`);
    if (!existsSync(folder) && !existsSync(`${folder}-data`)) return folder;
  }
}

async function limitRounds(file: string): Promise<void> {
  const config = JSON.parse(await readFile(file, 'utf8')) as { controller: { args: { max_rounds: number } } };
  config.controller.args.max_rounds = JOBS;
  await writeFile(file, `${JSON.stringify(config, null, 2)}\n`);
}
