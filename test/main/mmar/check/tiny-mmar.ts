import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { diagonalAffine } from '../../../../common/imaging/affine.ts';
import { encodeNifti } from '../../../../common/imaging/nifti-encode.ts';
import { formatFault, type Fault } from '../../../../common/fault.ts';
import { checkMmar, type CheckOptions } from '../../../../main/mmar/check/check-mmar.ts';

// Tests reach deep into JSON whose form they know; a wrong step fails the test.
type Editable = ReturnType<typeof JSON.parse>;

/** The parts of an MMAR that a test may change before it is written. */
export interface TinyMmar {
  readonly train: Editable;
  readonly environment: Editable;
  readonly automl: Editable;
  readonly list: Editable;
  /** Content by path in the MMAR; set to undefined to leave a file out. */
  readonly files: Record<string, string | Uint8Array | undefined>;
}

const KEYS = ['image', 'label'];
const from = (keys: readonly string[]): string =>
  `#monai.handlers.from_engine([${keys.map((key) => `'${key}'`).join(', ')}])`;

/** A small MMAR that is right: a UNet with two levels, three cases of 16 x 16 x 12 voxels of 1 mm, patches of 8. */
export function tinyMmar(): TinyMmar {
  const data = (key: string) => ({
    name: 'Dataset',
    data_list_file_path: '{DATASET_JSON}',
    data_file_base_dir: '{DATA_ROOT}',
    data_list_key: key,
    args: { transform: '@pre_transforms' },
  });
  const train = {
    epochs: 4,
    interval: 2,
    learning_rate: 0.001,
    train: {
      loss: { name: 'DiceLoss', args: { to_onehot_y: true, softmax: true } },
      optimizer: { name: 'Adam', args: { params: '#@model.parameters()', lr: '{learning_rate}' } },
      model: {
        name: 'UNet',
        args: {
          spatial_dims: 3,
          in_channels: 1,
          out_channels: 2,
          channels: [4, 8],
          strides: [2],
          num_res_units: 1,
        },
      },
      pre_transforms: [
        { name: 'LoadImaged', args: { keys: KEYS } },
        { name: 'EnsureChannelFirstd', args: { keys: KEYS } },
        { name: 'ScaleIntensityd', args: { keys: 'image' } },
        {
          name: 'RandCropByPosNegLabeld',
          args: { keys: KEYS, label_key: 'label', spatial_size: [8, 8, 8], num_samples: 2 },
        },
        { name: 'ToTensord', args: { keys: KEYS } },
      ],
      dataset: data('training'),
      dataloader: { name: 'DataLoader', args: { dataset: '@dataset', batch_size: 2, shuffle: true } },
      inferer: { name: 'SimpleInferer' },
      handlers: [{ name: 'ValidationHandler', args: { validator: '@evaluator', interval: '{interval}' } }],
      post_transforms: [
        { name: 'Activationsd', args: { keys: 'pred', softmax: true } },
        { name: 'AsDiscreted', args: { keys: ['pred', 'label'], argmax: [true, false], to_onehot: 2 } },
      ],
      trainer: {
        name: 'SupervisedTrainer',
        args: {
          max_epochs: '{epochs}',
          train_data_loader: '@dataloader',
          network: '@model',
          loss_function: '@loss',
          optimizer: '@optimizer',
          inferer: '@inferer',
          train_handlers: '@handlers',
        },
      },
    },
    validate: {
      pre_transforms: ['LoadImaged', 'EnsureChannelFirstd', 'ScaleIntensityd', 'ToTensord'].map((ref) => ({
        ref,
      })),
      dataset: data('validation'),
      dataloader: { name: 'DataLoader', args: { dataset: '@dataset', batch_size: 1 } },
      inferer: { name: 'SlidingWindowInferer', args: { roi_size: [8, 8, 8] } },
      post_transforms: [{ ref: 'Activationsd' }, { ref: 'AsDiscreted' }],
      key_metric: {
        name: 'MeanDice',
        log_label: 'val_mean_dice',
        args: { output_transform: from(['pred', 'label']) },
      },
      evaluator: {
        name: 'SupervisedEvaluator',
        args: {
          val_data_loader: '@dataloader',
          network: '@model',
          inferer: '@inferer',
          postprocessing: '@post_transforms',
          key_val_metric: '@key_metric',
        },
      },
    },
  };
  const item = (name: string) => ({ image: `${name}.nii.gz`, label: `${name}_label.nii.gz` });
  const files: Record<string, Uint8Array> = {};
  for (const name of ['a', 'b', 'v']) {
    files[`data/${name}.nii.gz`] = gzipSync(volume([16, 16, 12], (at) => at % 97));
    files[`data/${name}_label.nii.gz`] = gzipSync(volume([16, 16, 12], (at) => (at < 60 ? 1 : 0)));
  }
  return {
    train,
    environment: { DATA_ROOT: 'data', DATASET_JSON: 'data/list.json' },
    automl: {
      controller: { name: 'RandomController', args: { max_rounds: 2 } },
      executor: { name: 'MMARExecutor' },
      handlers: [{ name: 'MMARHandler', args: { train_config_file: '{trainconf}' } }],
    },
    list: { training: [item('a'), item('b')], validation: [item('v')] },
    files,
  };
}

/** A NIfTI volume of voxels of `spacingMm`, its values by their place in memory (last axis fastest). */
export function volume(
  shape: readonly number[],
  valueAt: (at: number) => number = () => 0,
  spacingMm: readonly [number, number, number] = [1, 1, 1],
): Uint8Array {
  const values = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, at) => valueAt(at));
  return encodeNifti({ values, shape, affine: diagonalAffine(spacingMm), voxelType: 'int16' });
}

const folders: string[] = [];

/** Writes the tiny MMAR to a temporary folder, after `edit`, and gives the folder. */
export async function writeTinyMmar(edit: (mmar: TinyMmar) => void = () => undefined): Promise<string> {
  const mmar = tinyMmar();
  edit(mmar);
  const folder = await mkdtemp(join(tmpdir(), 'outerloop-tiny-'));
  folders.push(folder);
  const json = (value: unknown): string => JSON.stringify(value, undefined, 2);
  const files: TinyMmar['files'] = {
    'config/config_train.json': json(mmar.train),
    'config/environment.json': json(mmar.environment),
    'config/config_automl.json': json(mmar.automl),
    'data/list.json': json(mmar.list),
    ...mmar.files,
  };
  for (const [path, content] of Object.entries(files)) {
    if (content === undefined) continue;
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** Removes what {@link writeTinyMmar} made. */
export async function removeTinyMmars(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}

/** What a check of the tiny MMAR finds after `edit`. */
export async function checkTiny(
  edit: (mmar: TinyMmar) => void = () => undefined,
  options: CheckOptions = {},
): Promise<{ faults: readonly Fault[]; lines: readonly string[]; warnings: readonly string[] }> {
  const { faults, warnings } = await checkMmar(await writeTinyMmar(edit), options);
  return {
    faults,
    lines: faults.map(formatFault),
    warnings: warnings.filter(({ code }) => code !== 'disk-full').map(formatFault),
  };
}

/** The options of a check for a search. */
export const forSearch: CheckOptions = { automlConfig: 'config/config_automl.json' };
