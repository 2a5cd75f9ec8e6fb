import { join } from 'node:path';
import { makeSeededRandom } from '../../common/random/seeded-random.ts';
import { writePhantomDataSet } from '../../main/phantoms/write-data-set.ts';

/** Small volumes with a data list beside them; returns the list's path. */
export function makeDataSet(home: string): Promise<string> {
  const random = makeSeededRandom(11);
  return writePhantomDataSet({
    folder: join(home, 'images-of-a-study'),
    training: 6,
    validation: 2,
    test: 1,
    baseSize: 18,
    random: () => random.uniform(),
  });
}
