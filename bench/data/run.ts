import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { identityAffine } from '../../common/imaging/affine.ts';
import type { CaseList } from '../../trainer/data/load-data-list.ts';
import { writeImage } from '../../trainer/data/write-image.ts';
import { createDataLoader } from '../../trainer/datasets/data-loader.ts';
import { Compose } from '../../trainer/transforms/compose.ts';
import { buildTransform } from '../../trainer/transforms/registry.ts';

/**
 * How fast images come: reading and resampling one whole CT (512 x 512 x 32 to 1 mm; the one of ../shared/data where that is
 * there, else one that is made here), and epochs of a data loader over small cases with random transforms.
 *
 *   node bench/data/run.ts [repeats]
 */
const repeats = Number(process.argv[2] ?? 3);
const keys = ['image', 'label'];
const folder = mkdtempSync(join(tmpdir(), 'outerloop-bench-'));

try {
  measureVolume(findVolume());
  for (const workers of [0, 1, 2]) await measureLoader(makeCases(32), workers);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function findVolume(): string {
  const real = resolve(import.meta.dirname, '../../../shared/data/spleen/imagesTr/spleen_8.nii.gz');
  if (existsSync(real)) return real;
  const shape = [512, 512, 32];
  const values = Float32Array.from({ length: 512 * 512 * 32 }, (_, index) =>
    Math.round(1000 * Math.sin(index / 700)),
  );
  const affine = [0.785, 0, 0, 0, 0, 0.785, 0, 0, 0, 0, 7.5, 0, 0, 0, 0, 1];
  const made = join(folder, 'volume.nii.gz');
  writeImage(made, { values, shape, affine, voxelType: 'int16' });
  return made;
}

function measureVolume(image: string): void {
  const load = new Compose([
    buildTransform('LoadImaged', { keys: 'image' }),
    buildTransform('EnsureChannelFirstd', { keys: 'image' }),
  ]);
  const spacing = new Compose([buildTransform('Spacingd', { keys: 'image', pixdim: [1, 1, 1] })]);
  for (let repeat = 0; repeat < repeats; repeat++) {
    const started = performance.now();
    const items = load.apply({ image });
    const loaded = performance.now();
    spacing.apply(items);
    const resampled = performance.now();
    report('one CT', { LoadImaged: loaded - started, Spacingd: resampled - loaded });
  }
}

function makeCases(count: number): CaseList {
  const shape = [36, 50, 36];
  const items = Array.from({ length: count }, (_, index) => {
    const [image, label] = keys.map((key) => join(folder, key, `case${index}.nii.gz`));
    const values = Float32Array.from({ length: 64800 }, (__, voxel) => 100 + ((voxel * (index + 3)) % 101));
    writeImage(image, { values, shape, affine: identityAffine, voxelType: 'float32' });
    writeImage(label, {
      values: values.map((value) => Number(value > 180)),
      shape,
      affine: identityAffine,
      voxelType: 'uint8',
    });
    return { image, label };
  });
  return { dataRoot: folder, items };
}

async function measureLoader(cases: CaseList, workers: number): Promise<void> {
  const transforms = [
    { name: 'LoadImaged', args: { keys } },
    { name: 'EnsureChannelFirstd', args: { keys } },
    { name: 'Spacingd', args: { keys, pixdim: [1.1, 1.1, 1.1], mode: ['bilinear', 'nearest'] } },
    { name: 'NormalizeIntensityd', args: { keys: 'image' } },
    { name: 'SpatialPadd', args: { keys, spatial_size: [48, 64, 48] } },
    { name: 'RandCropByPosNegLabeld', args: { keys, label_key: 'label', spatial_size: [48, 64, 48] } },
    { name: 'RandScaleIntensityd', args: { keys: 'image', factors: 0.1, prob: 0.5 } },
    { name: 'RandGaussianNoised', args: { keys: 'image', prob: 0.5 } },
    { name: 'RandFlipd', args: { keys, prob: 0.5 } },
  ];
  await using loader = await createDataLoader(
    { ...cases, transforms, cachedCount: cases.items.length },
    { batch_size: 4, shuffle: true, num_workers: workers, prefetch_factor: 2, drop_last: false, seed: 1 },
  );
  for (let epoch = 1; epoch <= repeats; epoch++) {
    const started = performance.now();
    for await (const _ of loader.iterate(epoch));
    report(`${cases.items.length} cases, ${workers} workers, epoch ${epoch}`, {
      all: performance.now() - started,
    });
  }
}

function report(what: string, timesMs: Readonly<Record<string, number>>): void {
  const parts = Object.entries(timesMs).map(([name, time]) => `${name} ${time.toFixed(0)}`);
  console.log(`${what}: ${parts.join(', ')} ms`);
}
