import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Json } from '../../../../common/json.ts';
import { makeSeededRandom } from '../../../../common/random/seeded-random.ts';
import { writePhantomDataSet } from '../../../../main/phantoms/write-data-set.ts';

const template = resolve(import.meta.dirname, '../../../../mmar-templates/segmentation-unet-3d');

/** The parts of config_automl.json that a test changes. */
export interface AutomlChanges {
  readonly controller?: Json;
  readonly executor?: Json;
  readonly handlers?: Json;
}

/** A new MMAR from the template, in a folder of its own. */
export function makeMmar(changes: AutomlChanges = {}): string {
  const root = join(mkdtempSync(join(tmpdir(), 'outerloop-automl-')), 'mmar');
  cpSync(template, root, { recursive: true });
  changeJson(join(root, 'config/config_automl.json'), (config) => ({ ...config, ...changes }));
  return root;
}

/** {@link makeMmar} with volumes beside it, so that the checks before a search find nothing wrong. */
export async function makeTrainableMmar(changes: AutomlChanges = {}): Promise<string> {
  const root = makeMmar(changes);
  const { uniform } = makeSeededRandom(1);
  const folder = join(root, '../data');
  await writePhantomDataSet({ folder, training: 2, validation: 1, test: 0, baseSize: 16, random: uniform });
  changeJson(join(root, 'config/environment.json'), (environment) => ({
    ...environment,
    DATA_ROOT: '../data',
    DATASET_JSON: '../data/dataset.json',
    OUTPUT_CHANNELS: 3,
    ROI_SIZE: [16, 16, 16],
  }));
  return root;
}

/** Rewrites a JSON file. */
export function changeJson(file: string, change: (json: Record<string, Json>) => object): void {
  const json = JSON.parse(readFileSync(file, 'utf8')) as Record<string, Json>;
  writeFileSync(file, JSON.stringify(change(json), undefined, 2));
}
