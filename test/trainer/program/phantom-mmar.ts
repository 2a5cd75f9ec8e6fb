import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { diagonalAffine } from '../../../common/imaging/affine.ts';
import { encodeNifti } from '../../../common/imaging/nifti-encode.ts';
import type { Json } from '../../../common/json.ts';

const SHAPE = [12, 10, 8];

/** An MMAR in a folder of its own, small enough to train in a second. */
export interface PhantomMmar {
  readonly root: string;
  /** Replaces a file. */
  write(path: string, content: string | Uint8Array | Json): void;
  remove(): void;
}

/** A part of a config that tests may change. */
export type Mutable = Record<string, Json>;

export interface PhantomOptions {
  readonly training?: number;
  readonly validation?: number;
  readonly config?: (config: TrainConfig) => unknown;
}

export type TrainConfig = ReturnType<typeof trainConfig>;

export function makePhantomMmar({
  training = 3,
  validation = 2,
  config = (it) => it,
}: PhantomOptions = {}): PhantomMmar {
  const root = mkdtempSync(join(tmpdir(), 'phantom-mmar-'));
  const write: PhantomMmar['write'] = (path, content) => {
    mkdirSync(join(root, path, '..'), { recursive: true });
    const isRaw = typeof content === 'string' || content instanceof Uint8Array;
    writeFileSync(join(root, path), isRaw ? content : JSON.stringify(content, null, 2));
  };
  const cases = Array.from({ length: training + validation }, (_, index) => ({
    image: `case_${index}.nii`,
    label: `case_${index}_label.nii`,
  }));
  cases.forEach(({ image, label }, index) => {
    const volume = drawCase(index);
    write(`data/${image}`, encode(volume.image, 'float32'));
    write(`data/${label}`, encode(volume.label, 'uint8'));
  });
  write('data/dataset.json', {
    training: cases.slice(0, training),
    validation: cases.slice(training),
    test: cases.slice(training).map(({ image }) => image),
  });
  write('config/environment.json', {
    DATA_ROOT: 'data',
    DATASET_JSON: 'data/dataset.json',
    MMAR_CKPT_DIR: 'models',
  });
  write('config/config_train.json', config(trainConfig()) as Json);
  return { root, write, remove: () => rmSync(root, { recursive: true, force: true }) };
}

/** A bright ball, whose place depends on the index, in a background that is never the same. */
export function drawCase(index: number): { image: Float32Array; label: Float32Array } {
  const [width, height, depth] = SHAPE;
  const image = new Float32Array(width * height * depth);
  const label = new Float32Array(image.length);
  let at = 0;
  for (let x = 0; x < width; x++) {
    for (let y = 0; y < height; y++) {
      for (let z = 0; z < depth; z++, at++) {
        const distance = Math.hypot(x - 5 - (index % 3), y - 4 - (index % 2), z - 4);
        label[at] = distance < 3 ? 1 : 0;
        image[at] = label[at] + 0.2 * Math.sin(at * 12.9898 + index);
      }
    }
  }
  return { image, label };
}

const encode = (values: Float32Array, voxelType: 'float32' | 'uint8'): Uint8Array =>
  encodeNifti({ values, shape: SHAPE, affine: diagonalAffine([1, 1, 1], [0, 0, 0]), voxelType });

const bothKeys = { keys: ['image', 'label'] };
const loss = "#monai.handlers.from_engine(['loss'], first=True)";
const predictionAndLabel = "#monai.handlers.from_engine(['pred', 'label'])";
const postTransforms = () => [
  { name: 'Activationsd', args: { keys: 'pred', softmax: true } },
  {
    name: 'AsDiscreted',
    args: { ...bothKeys, keys: ['pred', 'label'], argmax: [true, false], to_onehot: 2 },
  },
];
const dataset = (key: string) => ({
  name: 'CacheDataset',
  data_list_file_path: '{DATASET_JSON}',
  data_file_base_dir: '{DATA_ROOT}',
  data_list_key: key,
  args: { transform: '@pre_transforms', cache_rate: 1 } as Mutable,
});

/** Clara's 4.1 dialect, with everything that has state: batch norm, dropout, random crops and shifts, a schedule. */
function trainConfig() {
  return {
    epochs: 3,
    num_interval_per_valid: 1,
    learning_rate: 0.01,
    determinism: { random_seed: 5 },
    train: {
      loss: { name: 'DiceLoss', args: { to_onehot_y: true, softmax: true } } as Mutable,
      optimizer: { name: 'Adam', args: { params: '#@model.parameters()', lr: '{learning_rate}' } } as Mutable,
      lr_scheduler: {
        name: 'StepLR',
        args: { optimizer: '@optimizer', step_size: 1, gamma: 0.5 },
      } as Mutable,
      model: {
        name: 'UNet',
        args: {
          spatial_dims: 3,
          in_channels: 1,
          out_channels: 2,
          channels: [4, 8],
          strides: [2],
          num_res_units: 1,
          norm: 'batch',
          dropout: 0.1,
        },
      } as Mutable,
      pre_transforms: [
        { name: 'LoadImaged', args: bothKeys },
        { name: 'EnsureChannelFirstd', args: bothKeys },
        {
          name: 'RandCropByPosNegLabeld',
          args: { ...bothKeys, label_key: 'label', spatial_size: [8, 8, 8], num_samples: 1 },
        },
        { name: 'RandShiftIntensityd', args: { keys: 'image', offsets: 0.2, prob: 0.5 } },
        { name: 'ToTensord', args: bothKeys },
      ] as Mutable[],
      dataset: dataset('training'),
      dataloader: {
        name: 'DataLoader',
        args: { dataset: '@dataset', batch_size: 2, shuffle: true, num_workers: 0 },
      },
      inferer: { name: 'SimpleInferer' } as Mutable,
      handlers: [
        { name: 'LrScheduleHandler', args: { lr_scheduler: '@lr_scheduler' } },
        {
          name: 'ValidationHandler',
          args: { validator: '@evaluator', epoch_level: true, interval: '{num_interval_per_valid}' },
        },
        {
          name: 'CheckpointSaver',
          args: {
            save_dir: '{MMAR_CKPT_DIR}',
            save_dict: {
              model: '@model',
              optimizer: '@optimizer',
              lr_scheduler: '@lr_scheduler',
              train_conf: '@conf',
            },
            save_final: true,
          },
        },
        { name: 'StatsHandler', args: { tag_name: 'train_loss', output_transform: loss } },
        {
          name: 'TensorBoardStatsHandler',
          args: { log_dir: '{MMAR_CKPT_DIR}', tag_name: 'train_loss', output_transform: loss },
        },
      ] as Mutable[],
      post_transforms: postTransforms(),
      key_metric: {
        name: 'Accuracy',
        log_label: 'train_acc',
        args: { output_transform: predictionAndLabel },
      } as Mutable,
      trainer: {
        name: 'SupervisedTrainer',
        args: {
          max_epochs: '{epochs}',
          train_data_loader: '@dataloader',
          network: '@model',
          loss_function: '@loss',
          optimizer: '@optimizer',
          inferer: '@inferer',
          postprocessing: '@post_transforms',
          key_train_metric: '@key_metric',
          train_handlers: '@handlers',
        } as Mutable,
      },
    },
    validate: {
      pre_transforms: [
        { ref: 'LoadImaged' },
        { ref: 'EnsureChannelFirstd' },
        { ref: 'ToTensord' },
      ] as Mutable[],
      dataset: dataset('validation'),
      dataloader: { name: 'DataLoader', args: { dataset: '@dataset', batch_size: 1, num_workers: 0 } },
      inferer: {
        name: 'SlidingWindowInferer',
        args: { roi_size: [8, 8, 8], sw_batch_size: 2, overlap: 0.25 },
      } as Mutable,
      handlers: [
        {
          name: 'CheckpointSaver',
          args: {
            save_dir: '{MMAR_CKPT_DIR}',
            save_dict: { model: '@model', train_conf: '@conf' },
            save_key_metric: true,
          },
        },
        { name: 'StatsHandler', args: { output_transform: 'lambda x: None' } },
        {
          name: 'TensorBoardStatsHandler',
          args: { log_dir: '{MMAR_CKPT_DIR}', output_transform: 'lambda x: None' },
        },
      ] as Mutable[],
      post_transforms: postTransforms(),
      key_metric: {
        name: 'MeanDice',
        log_label: 'val_mean_dice',
        args: { include_background: false, output_transform: predictionAndLabel },
      } as Mutable,
      additional_metrics: [
        { name: 'Accuracy', log_label: 'val_acc', args: { output_transform: predictionAndLabel } },
      ] as Mutable[],
      evaluator: {
        name: 'SupervisedEvaluator',
        args: {
          val_data_loader: '@dataloader',
          network: '@model',
          inferer: '@inferer',
          postprocessing: '@post_transforms',
          key_val_metric: '@key_metric',
          additional_metrics: '@additional_metrics',
          val_handlers: '@handlers',
        } as Mutable,
      },
    },
  };
}
