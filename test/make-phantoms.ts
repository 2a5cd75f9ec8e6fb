import { join } from 'node:path';
import { makeSeededRandom } from '../common/random/seeded-random.ts';
import { writePhantomDataSet } from '../main/phantoms/write-data-set.ts';

/** A small data set of drawn volumes in `folder`/data; returns its data list. */
export function makePhantoms(
  folder: string,
  { training = 2, validation = 1, test = 1, baseSize = 16, seed = 1, modality = 'mr' as 'mr' | 'ct' } = {},
): Promise<string> {
  const { uniform } = makeSeededRandom(seed);
  return writePhantomDataSet({
    folder: join(folder, 'data'),
    training,
    validation,
    test,
    baseSize,
    random: uniform,
    modality,
  });
}
