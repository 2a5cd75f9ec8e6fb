import { WholeCounter, type CountTable, type WholeType } from '../../../common/imaging/count-values.ts';

export interface TurnPlan {
  /** Sizes along x, y and z: turning does not change them. */
  readonly shape: readonly [number, number, number];
  readonly voxelType: WholeType;
  /** Axes that are mirrored. */
  readonly flips: readonly number[];
}

const constructors = { uint8: Uint8Array, int16: Int16Array, uint16: Uint16Array } as const;

/** Puts the planes of an image, one after the other, where they belong in a volume in closest canonical RAS, and counts values. */
export class PlaneTurner {
  /** In memory that other threads see too. */
  readonly voxels: Uint8Array | Int16Array | Uint16Array;
  readonly #plan: TurnPlan;
  readonly #counter: WholeCounter;
  readonly #bytes: Uint8Array;
  #planes = 0;

  constructor(plan: TurnPlan) {
    const { shape, voxelType } = plan;
    const Voxels = constructors[voxelType];
    const count = shape[0] * shape[1] * shape[2];
    const memory = new SharedArrayBuffer(count * Voxels.BYTES_PER_ELEMENT);
    this.#plan = plan;
    this.#counter = new WholeCounter(voxelType);
    this.voxels = new Voxels(memory as unknown as ArrayBuffer);
    this.#bytes = new Uint8Array(memory);
  }

  /** Bytes of the volume, from its first one, that are there. */
  get readyBytes(): number {
    const { shape, flips } = this.#plan;
    if (flips.includes(2) && this.#planes < shape[2]) return 0;
    return (this.#bytes.length / shape[2]) * this.#planes;
  }

  get counts(): CountTable {
    return this.#counter.table();
  }

  /** Takes the next plane as the file has it; its memory is written to. */
  add(plane: Uint8Array): void {
    const { shape, voxelType, flips } = this.#plan;
    const [columns, rows, planes] = shape;
    const { buffer, byteOffset } = plane;
    const stored = new constructors[voxelType](buffer as ArrayBuffer, byteOffset, columns * rows);
    this.#counter.add(stored);
    // The engine's own reversing of memory that is not shared is the fastest.
    if (flips.includes(0) && flips.includes(1)) stored.reverse();
    else if (flips.includes(0)) for (let row = 0; row < rows; row++) rowOf(stored, row, columns).reverse();
    else if (flips.includes(1)) swapRows(stored, columns, rows);
    const place = flips.includes(2) ? planes - 1 - this.#planes : this.#planes;
    this.#bytes.set(plane, place * plane.length);
    this.#planes++;
  }
}

const rowOf = <Voxels extends Uint8Array | Int16Array | Uint16Array>(
  plane: Voxels,
  row: number,
  columns: number,
) => plane.subarray(row * columns, (row + 1) * columns);

function swapRows(plane: Uint8Array | Int16Array | Uint16Array, columns: number, rows: number): void {
  for (let low = 0, high = rows - 1; low < high; low++, high--) {
    const kept = rowOf(plane, low, columns).slice();
    plane.copyWithin(low * columns, high * columns, (high + 1) * columns);
    plane.set(kept, high * columns);
  }
}
