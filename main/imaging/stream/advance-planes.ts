import type { WholeType } from '../../../common/imaging/count-values.ts';
import type { StoredForm } from '../../../common/imaging/stored-image.ts';
import { describeCounts } from '../../../common/imaging/value-statistics.ts';
import { outlineOf, planTurn, type Volume } from '../make-volume.ts';
import type { VolumeStart } from '../volume-reading.ts';
import { PlaneTurner } from './plane-turner.ts';

/** Hears of a volume that is being read. */
export interface ReadingListener {
  begin(start: VolumeStart): void;
  /** So many bytes, from the first of the volume, are there. */
  advance(readyBytes: number): void;
}

/** So much has to come before it is told. */
const LEAST_ADVANCE_BYTES = 2 ** 20;

/** A volume that is put together from the planes of a file, in their order. */
export interface PlaneByPlane {
  /** Takes the next plane; its memory is written to. */
  add(plane: Uint8Array): void;
  /** Once all planes are there. */
  finish(): Volume;
}

/**
 * Begins a volume whose planes come one after the other, and tells of it as they do. Undefined where the axes of the file stand
 * in another order: its planes are no planes of the volume then.
 *
 * @throws FaultError `image-unreadable` as {@link planTurn}
 */
export function beginPlanes(
  form: StoredForm,
  voxelType: WholeType,
  { channel, name }: { readonly channel: number; readonly name: string },
  listener: ReadingListener,
): PlaneByPlane | undefined {
  const turn = planTurn(form, channel, name);
  const { order, flips } = turn.reorientation;
  if (order.some((from, to) => from !== to)) return undefined;
  const turner = new PlaneTurner({ shape: form.grid.shape, voxelType, flips });
  const outline = outlineOf(form, channel, turn, voxelType);
  listener.begin({ outline, voxels: turner.voxels });
  let told = 0;
  return {
    add(plane) {
      turner.add(plane);
      if (turner.readyBytes - told < LEAST_ADVANCE_BYTES) return;
      told = turner.readyBytes;
      listener.advance(told);
    },
    finish: () => ({
      voxels: turner.voxels,
      facts: { ...outline, statistics: describeCounts(turner.counts, form) },
    }),
  };
}
