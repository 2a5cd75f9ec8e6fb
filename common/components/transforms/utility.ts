import { z } from 'zod';
import type { ComponentArgs } from '../component-spec.ts';
import { referenceArgument } from '../reference-argument.ts';
import { allowMissingKeys, keys, metaKeyArguments, perKey, transformSpec } from './arguments.ts';

const elementType = z.enum([
  'float16',
  'float32',
  'float64',
  'bool',
  'uint8',
  'int8',
  'int16',
  'int32',
  'int64',
  'long',
  'int',
  'float',
]);

export const ensureChannelFirstSpec = transformSpec({
  name: 'EnsureChannelFirstd',
  summary: 'Makes the channel the first axis: adds it where the file has none, moves it where it has one.',
  args: z.strictObject({
    keys,
    ...metaKeyArguments,
    strict_check: z
      .boolean()
      .default(true)
      .describe('fail for an image without metadata, instead of leaving it as it is'),
  }),
});

export const addChannelSpec = transformSpec({
  name: 'AddChanneld',
  summary: 'Puts a channel axis of size 1 in front.',
  args: z.strictObject({ keys, allow_missing_keys: allowMissingKeys }),
});

export const toTensorSpec = transformSpec({
  name: 'ToTensord',
  summary: 'In MONAI turns arrays into tensors; here images are tensors from the start, so nothing changes.',
  args: z.strictObject({
    keys,
    dtype: elementType.nullish().describe('accepted where it is float32'),
    device: referenceArgument('accepted; data stays in main memory'),
    wrap_sequence: z.boolean().default(true).describe('accepted; for lists, which do not occur'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const ensureTypeSpec = transformSpec({
  name: 'EnsureTyped',
  summary:
    'In MONAI makes sure that data are tensors; here they are from the start. With a dtype it rounds like CastToTyped.',
  args: z.strictObject({
    keys,
    data_type: z.enum(['tensor', 'numpy']).default('tensor').describe('accepted; both are the same here'),
    dtype: elementType.nullish().describe('see CastToTyped'),
    device: referenceArgument('accepted; data stays in main memory'),
    wrap_sequence: z.boolean().default(true).describe('accepted; for lists, which do not occur'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export const castToTypeSpec = transformSpec({
  name: 'CastToTyped',
  summary:
    'Rounds values as the named type would (integers cut fractions off and wrap around); they are still held as float32.',
  args: z.strictObject({
    keys,
    dtype: perKey(elementType).default('float32').describe('the type, one or one per key'),
    allow_missing_keys: allowMissingKeys,
  }),
});

export type EnsureChannelFirstArgs = ComponentArgs<typeof ensureChannelFirstSpec>;
export type AddChannelArgs = ComponentArgs<typeof addChannelSpec>;
export type ToTensorArgs = ComponentArgs<typeof toTensorSpec>;
export type EnsureTypeArgs = ComponentArgs<typeof ensureTypeSpec>;
export type CastToTypeArgs = ComponentArgs<typeof castToTypeSpec>;
export type ElementType = z.output<typeof elementType>;
