import { isJsonObject, type Json, type JsonObject } from '../json.ts';
import type { Dialect } from './resolved-config.ts';

const SLOTS_OF_3X = [
  'image_pipeline',
  'lr_policy',
  'aux_ops',
  'batch_transforms',
  'val_metrics',
  'model_loader',
];
const KEYS_OF_3X = [
  'use_amp',
  'num_training_epoch_per_valid',
  'train_summary_recording_interval',
  'use_scanning_window',
];

/**
 * Which generation a config belongs to, by its own marks: 3.x has image pipelines, learning rate policies and
 * transforms with `fields`; 4.1 says its version or wires components with `@` and `#`; the rest is 4.0, which wires
 * by itself.
 */
export function detectDialect(config: JsonObject): Dialect {
  const sections = [config, config.train, config.validate].filter(isJsonObject);
  const of3x =
    KEYS_OF_3X.some((key) => Object.hasOwn(config, key)) ||
    sections.some((section) => SLOTS_OF_3X.some((slot) => Object.hasOwn(section, slot))) ||
    sections.some((section) => usesFields(section.pre_transforms));
  if (of3x) return '3.x';
  const version = config.CLARA_TRAIN_VERSION;
  if (typeof version === 'string' && /^4\.[1-9]/.test(version)) return '4.1';
  return sections.some(isWired) ? '4.1' : '4.0';
}

function usesFields(transforms: Json | undefined): boolean {
  if (!Array.isArray(transforms)) return false;
  return transforms.some(
    (item: Json) => isJsonObject(item) && isJsonObject(item.args) && Object.hasOwn(item.args, 'fields'),
  );
}

/** True when a component gets another one by reference, which 4.0 cannot say. */
function isWired(value: Json): boolean {
  if (typeof value === 'string')
    return /^@\w+$/.test(value) || /^#\s*@\w+\./.test(value) || value.startsWith('#monai.');
  if (Array.isArray(value)) return value.some((item: Json) => isWired(item));
  return (
    isJsonObject(value) &&
    Object.entries(value).some(([key, item]) => key !== 'search' && key !== 'apply' && isWired(item))
  );
}
