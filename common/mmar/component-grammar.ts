import { z } from 'zod';

/** A string that is one variable as a whole. @param value what else may stand there, for messages */
const variableFor = (value: string) =>
  z.string().regex(/^\{\w+\}$/, `${value}, or a variable such as {NAME}`);
const anyJson = z.json();

/** A component as configs of all dialects write it. Keys not listed here are attributes for the framework. */
export const componentSchema = z.looseObject({
  name: z
    .string()
    .min(1)
    .optional()
    .describe('class name; a name for refs may follow after #: ScaleByResolution#ScaleImg'),
  path: z
    .string()
    .regex(/^\w+(\.\w+)+$/)
    .optional()
    .describe('module.Class of a component of your own, under custom/; wins over name'),
  args: z.record(z.string(), anyJson).optional().describe('constructor arguments by name'),
  disabled: z
    .union([z.boolean(), variableFor('true or false')])
    .nullable()
    .optional()
    .describe('true leaves the component out'),
  search: z.array(anyJson).optional().describe('search items of this component'),
  apply: z
    .record(z.string(), z.string())
    .optional()
    .describe('argument (or @attribute) to the alias whose found value it gets'),
});

/** Reuses the component that the train section defines under this alias or class name. */
export const refSchema = z.strictObject({
  ref: z.string().min(1),
  disabled: z
    .union([z.boolean(), variableFor('true or false')])
    .nullable()
    .optional(),
});

const slotSchema = z.union([componentSchema, z.array(z.union([refSchema, componentSchema]))]);
const sectionSchema = z.record(z.string(), z.union([slotSchema, anyJson]));

/** Slots that hold one component. A list there means alternatives, of which exactly one is enabled. */
export const SINGLE_SLOTS: ReadonlySet<string> = new Set([
  'loss',
  'optimizer',
  'lr_scheduler',
  'lr_policy',
  'model',
  'dataset',
  'dataloader',
  'inferer',
  'key_metric',
  'trainer',
  'evaluator',
  'image_pipeline',
  'model_loader',
]);

/** Slots that hold components in order. */
export const LIST_SLOTS: ReadonlySet<string> = new Set([
  'pre_transforms',
  'post_transforms',
  'handlers',
  'additional_metrics',
  'metrics',
  'aux_ops',
  'batch_transforms',
  'label_transforms',
  'val_metrics',
  'writers',
]);

const flag = (description: string) =>
  z
    .union([z.boolean(), z.literal(0), z.literal(1)])
    .optional()
    .describe(description);

/** config_train.json of any dialect. Further first-level numbers, strings and booleans are variables. */
export const trainConfigSchema = z.looseObject({
  CLARA_TRAIN_VERSION: z.string().optional(),
  epochs: z.union([z.int().positive(), variableFor('a whole number')]).optional(),
  num_interval_per_valid: z
    .union([z.int().positive(), variableFor('a whole number')])
    .optional()
    .describe('epochs between two validations'),
  learning_rate: z.union([z.number().positive(), variableFor('a number')]).optional(),
  multi_gpu: flag('train on all given GPUs'),
  amp: flag('automatic mixed precision'),
  use_gpu: flag('train on a GPU where there is one'),
  tf32: flag('allow TF32 on GPUs that have it'),
  cudnn_benchmark: flag('let cuDNN measure which kernels are fastest'),
  determinism: z
    .looseObject({ random_seed: z.union([z.int(), z.string().regex(/^\d+$/)]).optional() })
    .optional()
    .describe('makes training reproducible from the seed'),
  search: z.array(anyJson).optional().describe('search items for first-level values and free names'),
  lr_search: z.tuple([z.number(), z.number()]).optional().describe('range of learning_rate to search'),
  train: sectionSchema,
  validate: sectionSchema.optional(),
});

/** config_validation.json and config_inference.json: one flat section. */
export const evaluationConfigSchema = z.looseObject({
  model: z
    .union([anyJson, z.array(anyJson)])
    .describe('{"ts_path": ...} or {"ckpt_path": ...}, or alternatives of these'),
  pre_transforms: slotSchema,
  dataset: slotSchema,
  dataloader: slotSchema,
  inferer: slotSchema,
  post_transforms: slotSchema.optional(),
  handlers: slotSchema.optional(),
  key_metric: slotSchema.optional(),
  additional_metrics: slotSchema.optional(),
  metrics: slotSchema.optional(),
  evaluator: slotSchema,
});
