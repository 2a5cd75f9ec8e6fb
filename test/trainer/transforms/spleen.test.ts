import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'vitest';
import { findSharedData } from '../../shared-data.ts';
import { expectRealChain, type RealNumbers } from './real-chain.ts';

const folder = findSharedData('spleen', "a whole CT volume against MONAI's numbers");
const numbers = new URL('../../fixtures/monai/transforms/spleen_8.json', import.meta.url);

describe.skipIf(folder === undefined)('a real case, spleen_8', { timeout: 120_000 }, () => {
  test('every stage of a chain, from the file to the patches', () => {
    expectRealChain({
      image: join(folder!, 'imagesTr/spleen_8.nii.gz'),
      label: join(folder!, 'labelsTr/spleen_8.nii.gz'),
      numbers: JSON.parse(readFileSync(numbers, 'utf8')) as RealNumbers,
      scale: {
        name: 'ScaleIntensityRanged',
        args: { keys: 'image', a_min: -57, a_max: 164, b_min: 0, b_max: 1, clip: true },
      },
      patchSize: [96, 96, 96],
    });
  });
});
