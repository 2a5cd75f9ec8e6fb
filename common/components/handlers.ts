import { z } from 'zod';
import type { ComponentArgs, ComponentSpec } from './component-spec.ts';
import { referenceArgument } from './reference-argument.ts';

/** The tag of a loss where a config names none, as in MONAI. */
const DEFAULT_TAG = 'Loss';

const optionalText = (description: string) =>
  z.string().min(1).nullable().default(null).describe(description);
const onlyNull = (what: string) => z.null().default(null).describe(`only null: ${what}`);
const loggerName = optionalText('accepted; every handler writes to the log of the training');
const stateAttributes = z
  .array(z.string())
  .nullable()
  .default(null)
  .describe('numbers of the engine state to show per epoch, e.g. best_metric');
const outputTransform = referenceArgument(
  "what is shown per step: `#monai.handlers.from_engine(['loss'], first=True)` or `lambda x: x['loss']` for the loss, `lambda x: None` for nothing; default the loss",
);
const globalEpochTransform = onlyNull('epochs are counted as they are');

export const statsHandlerSpec = {
  kind: 'handler',
  name: 'StatsHandler',
  aliases: [],
  summary: 'Writes the loss of each step and the metrics of each epoch to the log.',
  source: 'monai.handlers.StatsHandler (0.8.1)',
  args: z.strictObject({
    epoch_print_logger: onlyNull('the lines have a fixed form'),
    iteration_print_logger: onlyNull('the lines have a fixed form'),
    output_transform: outputTransform,
    global_epoch_transform: globalEpochTransform,
    state_attributes: stateAttributes,
    name: loggerName,
    tag_name: z.string().min(1).default(DEFAULT_TAG).describe('what the loss is called'),
    key_var_format: z
      .literal('{}: {:.4f} ')
      .default('{}: {:.4f} ')
      .describe('only the default: a name and its value with four decimals'),
  }),
} satisfies ComponentSpec;

export const tensorBoardStatsHandlerSpec = {
  kind: 'handler',
  name: 'TensorBoardStatsHandler',
  aliases: [],
  summary:
    'Writes the loss of each step and the metrics of each epoch, per class where they have classes, as TensorBoard events.',
  source: 'monai.handlers.TensorBoardStatsHandler (0.8.1)',
  args: z.strictObject({
    summary_writer: onlyNull('the handler has its own'),
    log_dir: z.string().min(1).default('./runs').describe('folder of the event files, relative to the MMAR'),
    epoch_event_writer: onlyNull('the events have a fixed form'),
    epoch_interval: z.int().positive().default(1).describe('write metrics every so many epochs'),
    iteration_event_writer: onlyNull('the events have a fixed form'),
    iteration_interval: z.int().positive().default(1).describe('write the loss every so many steps'),
    output_transform: outputTransform,
    global_epoch_transform: globalEpochTransform,
    state_attributes: stateAttributes,
    tag_name: z.string().min(1).default(DEFAULT_TAG).describe('what the loss is called'),
  }),
} satisfies ComponentSpec;

/** `{"model": "@model"}`, or a list of names as in Clara 4.0. */
const namedObjects = (description: string) =>
  z.union([z.array(z.string()).min(1), z.record(z.string(), z.unknown())]).describe(description);

export const checkpointLoaderSpec = {
  kind: 'handler',
  name: 'CheckpointLoader',
  aliases: [],
  summary: 'Loads the weights of a checkpoint (PyTorch format) before the first step.',
  source: 'monai.handlers.CheckpointLoader (0.8.1)',
  args: z.strictObject({
    load_path: z.string().min(1).describe('the checkpoint, relative to the MMAR'),
    load_dict: namedObjects(
      'what to load, by its key in the checkpoint; with `model` alone a bare state dict is accepted too',
    ),
    name: loggerName,
    map_location: referenceArgument('accepted; weights go where the training runs'),
    strict: z
      .boolean()
      .default(true)
      .describe('every weight of the network must be in the checkpoint, and no others'),
    strict_shape: z
      .boolean()
      .default(true)
      .describe('a weight of another shape is a fault; if false it keeps its start value'),
  }),
} satisfies ComponentSpec;

export const checkpointSaverSpec = {
  kind: 'handler',
  name: 'CheckpointSaver',
  aliases: [],
  summary:
    'Keeps the model with the best key metric, the final one and, if wanted, one every few epochs, in PyTorch format.',
  source: 'monai.handlers.CheckpointSaver (0.8.1); names of the files as Clara has them',
  args: z.strictObject({
    save_dir: z.string().min(1).describe('folder of the checkpoints, relative to the MMAR'),
    save_dict: namedObjects('what to save: `model`, `optimizer`, `lr_scheduler` and `train_conf`'),
    name: loggerName,
    file_prefix: z
      .string()
      .default('')
      .describe('put before the name of a checkpoint that an interval saved'),
    save_final: z.boolean().default(false).describe('save when the training ends, also by a fault'),
    final_filename: optionalText('name of the final checkpoint; null: final_model.pt'),
    save_key_metric: z
      .boolean()
      .default(false)
      .describe('save whenever the key metric is better than ever before'),
    key_metric_name: optionalText('the metric that decides; null: the key metric'),
    key_metric_n_saved: z.int().positive().default(1).describe('how many of the best to keep'),
    key_metric_filename: optionalText(
      'name of the best checkpoint, with key_metric_n_saved 1; null: model.pt',
    ),
    key_metric_save_state: z
      .literal(false)
      .default(false)
      .describe('only false; train_stats.json keeps the scores'),
    key_metric_greater_or_equal: z
      .boolean()
      .default(false)
      .describe('an equal value replaces the best as well'),
    key_metric_negative_sign: z.boolean().default(false).describe('a smaller value is better'),
    epoch_level: z.boolean().default(true).describe('save_interval counts epochs; if false steps'),
    save_interval: z.int().nonnegative().default(0).describe('save every so many epochs or steps; 0: never'),
    n_saved: z
      .int()
      .positive()
      .nullable()
      .default(null)
      .describe('how many checkpoints of save_interval to keep; null: all'),
  }),
} satisfies ComponentSpec;

export const lrScheduleHandlerSpec = {
  kind: 'handler',
  name: 'LrScheduleHandler',
  aliases: [],
  summary: 'Sets the learning rate by a schedule after each epoch.',
  source: 'monai.handlers.LrScheduleHandler (0.8.1)',
  args: z.strictObject({
    lr_scheduler: referenceArgument('the schedule: `@lr_scheduler`'),
    print_lr: z.boolean().default(true).describe('write the new learning rate to the log'),
    name: loggerName,
    epoch_level: z.boolean().default(true).describe('advance after each epoch; if false after each step'),
    step_transform: onlyNull('a schedule depends on nothing but the epoch'),
  }),
} satisfies ComponentSpec;

export const validationHandlerSpec = {
  kind: 'handler',
  name: 'ValidationHandler',
  aliases: [],
  summary: 'Runs the evaluator every few epochs.',
  source: 'monai.handlers.ValidationHandler (0.8.1)',
  args: z.strictObject({
    interval: z.int().positive().describe('validate every so many epochs or steps'),
    validator: referenceArgument('the evaluator: `@evaluator`'),
    epoch_level: z.boolean().default(true).describe('interval counts epochs; if false steps'),
  }),
} satisfies ComponentSpec;

const metricNames = (fallback: '*' | null, description: string) =>
  z
    .union([z.string().min(1), z.array(z.string().min(1))])
    .nullable()
    .default(fallback)
    .describe(description);

export const metricsSaverSpec = {
  kind: 'handler',
  name: 'MetricsSaver',
  aliases: [],
  summary: 'Writes metrics, the values of every case and their statistics as CSV files.',
  source: 'monai.handlers.MetricsSaver (0.8.1)',
  args: z.strictObject({
    save_dir: z.string().min(1).describe('folder of the files, relative to the MMAR'),
    metrics: metricNames('*', 'which metrics to write to metrics.csv, by log label; "*" for all'),
    metric_details: metricNames(null, 'which metrics to write case by case; "*" for all that have classes'),
    batch_transform: referenceArgument("where the names of the cases are: `lambda x: x['image_meta_dict']`"),
    summary_ops: metricNames(
      null,
      'columns of <metric>_summary.csv: mean, median, max, min, std, notnans, 90percentile or any other; "*" for all',
    ),
    save_rank: z.int().nonnegative().default(0).describe('accepted; there is one process'),
    delimiter: z.string().min(1).default(',').describe('what stands between two columns'),
    output_type: z.literal('csv').default('csv').describe('only csv'),
  }),
} satisfies ComponentSpec;

export type StatsHandlerArgs = ComponentArgs<typeof statsHandlerSpec>;
export type TensorBoardStatsHandlerArgs = ComponentArgs<typeof tensorBoardStatsHandlerSpec>;
export type CheckpointLoaderArgs = ComponentArgs<typeof checkpointLoaderSpec>;
export type CheckpointSaverArgs = ComponentArgs<typeof checkpointSaverSpec>;
export type LrScheduleHandlerArgs = ComponentArgs<typeof lrScheduleHandlerSpec>;
export type ValidationHandlerArgs = ComponentArgs<typeof validationHandlerSpec>;
export type MetricsSaverArgs = ComponentArgs<typeof metricsSaverSpec>;

export const handlerSpecs: readonly ComponentSpec[] = [
  statsHandlerSpec,
  tensorBoardStatsHandlerSpec,
  checkpointLoaderSpec,
  checkpointSaverSpec,
  lrScheduleHandlerSpec,
  validationHandlerSpec,
  metricsSaverSpec,
];
