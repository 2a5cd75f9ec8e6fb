import { findStorageTypeByDtype, type TorchArray, type TorchDtype } from './torch-value.ts';

/** The little-endian bytes of a tensor's numbers, without a copy. */
export function encodeStorage(data: TorchArray): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

/** The numbers of a storage; half precision (float16, bfloat16) is widened to float32. */
export function decodeStorage(dtype: TorchDtype, bytes: Uint8Array): TorchArray {
  const { bytesPerElement } = findStorageTypeByDtype(dtype);
  const length = Math.floor(bytes.byteLength / bytesPerElement);
  // Typed arrays need aligned memory, which the bytes of an archive do not promise.
  const memory = new Uint8Array(length * bytesPerElement);
  memory.set(bytes.subarray(0, memory.length));
  switch (dtype) {
    case 'float32':
      return new Float32Array(memory.buffer);
    case 'float64':
      return new Float64Array(memory.buffer);
    case 'float16':
      return Float32Array.from(new Uint16Array(memory.buffer), widenHalf);
    case 'bfloat16':
      return new Float32Array(Uint32Array.from(new Uint16Array(memory.buffer), (bits) => bits << 16).buffer);
    case 'int64':
      return new BigInt64Array(memory.buffer);
    case 'int32':
      return new Int32Array(memory.buffer);
    case 'int16':
      return new Int16Array(memory.buffer);
    case 'int8':
      return new Int8Array(memory.buffer);
    case 'uint8':
    case 'bool':
      return memory;
  }
}

/** IEEE 754 half precision: 1 sign, 5 exponent and 10 fraction bits. */
function widenHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
