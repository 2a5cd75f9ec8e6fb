/** Turns the byte order of every number of so many bytes, in place. */
export function swapBytes(bytes: Uint8Array, numberBytes: number): void {
  for (let start = 0; start < bytes.length; start += numberBytes) {
    for (let low = start, high = start + numberBytes - 1; low < high; low++, high--) {
      const byte = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = byte;
    }
  }
}
