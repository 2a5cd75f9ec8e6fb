import type { DType } from './value.ts';

/** Numbers of TensorProto.DataType in onnx.proto. */
export const ELEMENT_TYPES: Readonly<Record<DType, number>> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
};
