import { int } from '../attribute.ts';
import { ELEMENT_TYPES } from '../element-types.ts';
import type { DType, Value } from '../value.ts';

/** The same numbers in another element type; towards whole numbers they are cut off. No gradient passes. */
export function cast(x: Value, dtype: DType): Value {
  if (x.dtype === dtype) return x;
  return x.graph.node('Cast', [x], { to: int(ELEMENT_TYPES[dtype]) }, [{ dtype, shape: x.shape }])[0];
}
