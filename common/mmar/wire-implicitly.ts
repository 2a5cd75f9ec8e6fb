import type { Fault } from '../fault.ts';
import {
  componentOf,
  componentsOf,
  isComponentNode,
  type ComponentNode,
  type ConfigReference,
  type ConfigSection,
  type ConfigValue,
} from './resolved-config.ts';

/** What wiring needs to know besides the sections. */
export interface WiringContext {
  readonly file: string;
  readonly amp: boolean;
  readonly report: (fault: Fault) => void;
}

type Arguments = Readonly<Record<string, ConfigValue>>;

/**
 * Gives the components of a 4.0 train or evaluation section the partners that Clara 4.0 gave them by itself, in the
 * form that 4.1 writes out: `dataset.transform = @pre_transforms`, `optimizer.params = #@model.parameters()`, the
 * arguments of trainer and evaluator, names in `load_dict` and `save_dict` as references; and splits `metrics` into
 * `key_metric` and `additional_metrics`. What a config wires itself stays.
 */
export function wireImplicitly(section: ConfigSection, context: WiringContext): ConfigSection {
  const withMetrics = splitMetrics(section, context);
  const slots = Object.entries(withMetrics).map(([slot, value]) => {
    const wired = isComponentNode(value)
      ? wireComponent(slot, value, withMetrics, context)
      : (value as readonly ComponentNode[]).map((node) => wireComponent(slot, node, withMetrics, context));
    return [slot, wired] as const;
  });
  return Object.fromEntries(slots);
}

function splitMetrics(section: ConfigSection, { file, report }: WiringContext): ConfigSection {
  const { metrics: _, ...others } = section;
  const metrics = componentsOf(section, 'metrics');
  if (metrics.length === 0) return others;
  const flagged = metrics.filter(({ attributes }) => attributes.is_key_metric === true);
  const keys = flagged.length === 0 && metrics.length === 1 ? metrics : flagged;
  if (keys.length !== 1) {
    report({
      code: 'schema',
      file,
      path: metrics[0]!.at.slice(0, -1),
      message:
        keys.length === 0 ? 'No metric is the key metric.' : `${keys.length} metrics are the key metric.`,
      allowed: 'exactly one metric with "is_key_metric": true',
    });
  }
  const [key] = keys;
  if (key === undefined) return { ...others, additional_metrics: metrics };
  return { ...others, key_metric: key, additional_metrics: metrics.filter((metric) => metric !== key) };
}

function wireComponent(
  slot: string,
  node: ComponentNode,
  section: ConfigSection,
  context: WiringContext,
): ComponentNode {
  const partners = partnersOf(slot, node, section, context);
  return { ...node, args: { ...partners, ...node.args, ...namedState(node) } };
}

function partnersOf(
  slot: string,
  node: ComponentNode,
  section: ConfigSection,
  context: WiringContext,
): Arguments {
  const reference = (name: string): ConfigReference => ({ kind: 'reference', name, at: node.at });
  /** References to those of the given slots that the section fills. */
  const present = (slots: Readonly<Record<string, string>>): Arguments =>
    Object.fromEntries(
      Object.entries(slots)
        .filter(([, name]) => componentsOf(section, name).length > 0)
        .map(([argument, name]) => [argument, reference(name)]),
    );

  switch (slot) {
    case 'dataset':
      return present({ transform: 'pre_transforms' });
    case 'dataloader':
      return { dataset: reference('dataset') };
    case 'optimizer':
      return {
        params: { kind: 'expression', expression: { form: 'model-parameters', model: 'model' }, at: node.at },
      };
    case 'lr_scheduler':
      return { optimizer: reference('optimizer') };
    case 'trainer':
      return {
        train_data_loader: reference('dataloader'),
        network: reference('model'),
        loss_function: reference('loss'),
        optimizer: reference('optimizer'),
        amp: context.amp,
        ...present({
          inferer: 'inferer',
          postprocessing: 'post_transforms',
          key_train_metric: 'key_metric',
          additional_metrics: 'additional_metrics',
          train_handlers: 'handlers',
        }),
      };
    case 'evaluator':
      return {
        val_data_loader: reference('dataloader'),
        network: reference('model'),
        amp: context.amp,
        ...present({
          inferer: 'inferer',
          postprocessing: 'post_transforms',
          key_val_metric: 'key_metric',
          additional_metrics: 'additional_metrics',
          val_handlers: 'handlers',
        }),
      };
    case 'handlers':
      if (node.name === 'LrScheduleHandler') return { lr_scheduler: reference('lr_scheduler') };
      return node.name === 'ValidationHandler' ? { validator: reference('evaluator') } : {};
    default:
      return {};
  }
}

/** `"load_dict": ["model"]` as `{"model": "@model"}`; `train_conf` is the config itself. */
function namedState(node: ComponentNode): Arguments {
  return Object.fromEntries(
    Object.entries(node.args).flatMap(([argument, value]) => {
      if ((argument !== 'load_dict' && argument !== 'save_dict') || !Array.isArray(value)) return [];
      const names = (value as readonly ConfigValue[]).filter((name) => typeof name === 'string');
      const states = names.map((name): [string, ConfigReference] => [
        name,
        { kind: 'reference', name: name === 'train_conf' ? 'conf' : name, at: node.at },
      ]);
      return [[argument, Object.fromEntries(states)]];
    }),
  );
}

/** The slots that a 4.0 train section cannot do without, in the order in which a reader meets them. */
const NEEDED_BY_TRAINING = ['model', 'loss', 'optimizer', 'dataset', 'dataloader', 'trainer'];

/** Faults for the parts that implicit wiring would refer to in vain. */
export function findMissingParts(train: ConfigSection, file: string): readonly Fault[] {
  return NEEDED_BY_TRAINING.filter((slot) => componentOf(train, slot) === undefined).map((slot) => ({
    code: 'schema',
    file,
    path: ['train', slot],
    message: `The train section has no enabled "${slot}".`,
  }));
}
