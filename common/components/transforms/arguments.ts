import { z } from 'zod';
import type { ComponentSpec } from '../component-spec.ts';

/** The keys of an item that a transform works on. */
export const keys = z
  .union([z.string().min(1), z.array(z.string().min(1)).min(1)])
  .describe('the keys of the item that are transformed: one, or a list');

export const allowMissingKeys = z
  .boolean()
  .default(false)
  .describe('skip keys that an item does not have, instead of failing');

/** One value for all keys, or a list with one value per key. */
export const perKey = <Schema extends z.ZodType>(schema: Schema) => z.union([schema, z.array(schema).min(1)]);

/** Where the metadata of each key is. */
export const metaKeyArguments = {
  meta_keys: perKey(z.string().nullable())
    .nullish()
    .describe('keys of the metadata, one per key; by default key and meta_key_postfix joined by _'),
  meta_key_postfix: perKey(z.string()).default('meta_dict').describe('see meta_keys'),
};

/** One number for all axes, or a list with one per axis. */
export const perAxis = <Schema extends z.ZodType>(schema: Schema) =>
  z.union([schema, z.array(schema).min(1).max(3)]);

/** Voxels per axis; 0, negative numbers and null stand for the size that the image has. */
export const spatialSize = perAxis(z.int().nullable());

export const probability = z.number().min(0).max(1).default(0.1).describe('how likely the change is');

export const interpolation = z.enum(['bilinear', 'nearest']);

export const resizing = z.enum(['area', 'nearest', 'linear', 'bilinear', 'trilinear']);

export const outside = z.enum(['border', 'zeros', 'reflection']);

export const padding = z.enum(['constant', 'edge', 'reflect', 'symmetric', 'wrap']);

/** A number x for the range from -x to x, or the range itself. */
export const spread = z.union([z.number(), z.tuple([z.number(), z.number()])]);

const floatTypes = z.enum(['float16', 'float32', 'float64']);

/** Arguments that say in which precision MONAI computes; results are float32 here whatever they say. */
export const precision = (fallback: 'float32' | 'float64') =>
  perKey(floatTypes.nullable())
    .default(fallback)
    .describe('precision in MONAI; accepted, and the result is float32 either way');

interface TransformDescription<Args extends z.ZodObject> {
  readonly name: string;
  readonly summary: string;
  readonly args: Args;
  readonly random?: boolean;
}

/** The spec of a dictionary transform, with the three spellings that MONAI knows: `Spacingd`, `SpacingD`, `SpacingDict`. */
export function transformSpec<Args extends z.ZodObject>(description: TransformDescription<Args>) {
  const stem = description.name.slice(0, -1);
  return {
    kind: 'transform' as const,
    aliases: [`${stem}D`, `${stem}Dict`],
    source: `monai.transforms.${description.name} (0.8.1)`,
    ...description,
  } satisfies ComponentSpec;
}
