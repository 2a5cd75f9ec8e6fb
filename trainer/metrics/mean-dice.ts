import type { MeanDiceArgs } from '../../common/components/metrics.ts';
import type { Tensor } from '../data/tensor.ts';
import { assertComparable, type Metric } from './metric.ts';
import { columnsOf, meanOf, reduceScores } from './reduce-scores.ts';

/** A Dice metric always has its details. */
export type MeanDice = Metric & Required<Pick<Metric, 'perClass' | 'perCase'>>;

/**
 * `monai.handlers.MeanDice` (0.8.1): per case and class 2 |P and G| / (|P| + |G|), undefined (NaN) where the label has no
 * voxel of the class, even if one is predicted. Reductions that leave several numbers are averaged for the score.
 */
export function createMeanDice(args: Pick<MeanDiceArgs, 'include_background' | 'reduction'>): MeanDice {
  const scores: number[][] = [];
  const counted = <T>(perClass: readonly T[]): T[] =>
    args.include_background || perClass.length === 1 ? [...perClass] : perClass.slice(1);

  return {
    firstClass: args.include_background ? 0 : 1,
    reset: () => void scores.splice(0),
    update(prediction, label) {
      assertComparable('MeanDice', prediction, label);
      scores.push(counted(overlapsOfOneHot(prediction, label)).map(diceOf));
    },
    value: () => (scores.length === 0 ? null : meanOf(reduceScores(scores, args.reduction))),
    perClass: () => columnsOf(scores).map((column) => (column.every(Number.isNaN) ? null : meanOf(column))),
    perCase: () => scores,
  };
}

/** Voxels of one class: in both, in the prediction, in the label. */
interface Overlap {
  both: number;
  predicted: number;
  labelled: number;
}

function diceOf({ both, predicted, labelled }: Overlap): number {
  return labelled > 0 ? (2 * both) / (predicted + labelled) : NaN;
}

function overlapsOfOneHot(prediction: Tensor, label: Tensor): Overlap[] {
  const classCount = prediction.shape[0];
  const voxels = prediction.data.length / classCount;
  return Array.from({ length: classCount }, (_, index) => {
    const overlap = { both: 0, predicted: 0, labelled: 0 };
    const end = (index + 1) * voxels;
    for (let voxel = index * voxels; voxel < end; voxel++) {
      overlap.both += prediction.data[voxel] * label.data[voxel];
      overlap.predicted += prediction.data[voxel];
      overlap.labelled += label.data[voxel];
    }
    return overlap;
  });
}
