import type { ComponentSpec } from '../components/component-spec.ts';
import type { Json, JsonObject } from '../json.ts';
import { startValue } from './argument-control.ts';
import { describeArguments } from './describe-argument.ts';

/** What a new component is wired to, by the name of the argument; Clara's own configs write the same. */
const WIRES: Readonly<Record<string, string>> = {
  params: '#@model.parameters()',
  optimizer: '@optimizer',
  dataset: '@dataset',
  train_data_loader: '@dataloader',
  val_data_loader: '@dataloader',
  network: '@model',
  loss_function: '@loss',
  inferer: '@inferer',
  transform: '@pre_transforms',
  postprocessing: '@post_transforms',
  key_train_metric: '@key_metric',
  key_val_metric: '@key_metric',
  additional_metrics: '@additional_metrics',
  train_handlers: '@handlers',
  val_handlers: '@handlers',
  lr_scheduler: '@lr_scheduler',
  validator: '@evaluator',
};

/** Arguments whose first value is better taken from what configs usually say. */
const USUAL: Readonly<Record<string, Json>> = {
  keys: 'image',
  max_epochs: '{epochs}',
  lr: '{learning_rate}',
  total_iters: '{epochs}',
  T_max: '{epochs}',
  in_channels: '{INPUT_CHANNELS}',
  out_channels: '{OUTPUT_CHANNELS}',
  roi_size: '{ROI_SIZE}',
  pixdim: '{PIXDIM}',
  label_key: 'label',
  save_dir: '{MMAR_CKPT_DIR}',
  load_path: '{MMAR_CKPT}',
  save_dict: { model: '@model' },
  load_dict: { model: '@model' },
  channels: [16, 32, 64],
  strides: [2, 2],
  spatial_dims: 3,
};

/** First values of arguments whose usual variable is not there. */
const PLAIN: Readonly<Record<string, Json>> = { lr: 0.001 };

/** Arguments that a component cannot do without though its schema does not say so. */
const NEEDED: Readonly<Record<string, readonly string[]>> = { UNet: ['spatial_dims'] };

/**
 * A new component as the config writes it: with its required arguments, wired to the others of its section.
 *
 * @param known variables that the config may use: an argument that would use another one gets a plain value
 */
export function makeComponent(spec: ComponentSpec, known?: readonly string[]): JsonObject {
  const isWired = !spec.kind.startsWith('automl_');
  const args = describeArguments(spec).flatMap(({ name, isRequired, isWire, control }): [string, Json][] => {
    if (isWire) return isWired && isNeededWire(spec, name) ? [[name, WIRES[name]!]] : [];
    if (!isRequired && !(NEEDED[spec.name] ?? []).includes(name)) return [];
    const usual = USUAL[name];
    const variable = typeof usual === 'string' ? /^\{(\w+)\}$/.exec(usual)?.[1] : undefined;
    const isKnown = variable === undefined || known === undefined || known.includes(variable);
    return [[name, usual !== undefined && isKnown ? usual : (PLAIN[name] ?? startValue(control))]];
  });
  return { name: spec.name, ...(args.length === 0 ? {} : { args: Object.fromEntries(args) }) };
}

/** An engine names what it works with; other components only what they cannot do without. */
function isNeededWire({ kind, name: component }: ComponentSpec, name: string): boolean {
  if (!Object.hasOwn(WIRES, name)) return false;
  if (kind === 'engine') return name !== 'key_train_metric' && name !== 'additional_metrics';
  if (kind === 'optimizer') return name === 'params';
  if (kind === 'lr_scheduler') return name === 'optimizer';
  if (kind === 'dataset') return name === 'transform';
  if (kind === 'dataloader') return name === 'dataset';
  return (
    (component === 'LrScheduleHandler' && name === 'lr_scheduler') ||
    (component === 'ValidationHandler' && name === 'validator')
  );
}
