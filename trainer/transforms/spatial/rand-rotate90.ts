import { randRotate90Spec, type RandRotate90Args } from '../../../common/components/transforms/spatial.ts';
import { findTensor, listKeys } from '../item-access.ts';
import { resolveAxes } from '../motions/flip.ts';
import { rotateQuarters } from '../motions/rotate90.ts';
import { RandomStream } from '../random-draws.ts';
import { recordMotion } from '../record-motion.ts';
import { reportDraw } from '../report-draw.ts';
import type { RandomTransform } from '../transform.ts';

/** `monai.transforms.RandRotate90d` (0.8.1): the number of quarters is drawn first, for every item, then whether to turn. */
export function createRandRotate90(args: RandRotate90Args): RandomTransform {
  const { name } = randRotate90Spec;
  const stream = new RandomStream();
  return {
    name,
    setRandomState: (seed) => stream.restart(seed),
    apply(item) {
      const quarters = stream.state.integer(args.max_k) + 1;
      const isTurned = stream.state.random() < args.prob;
      reportDraw('applied', isTurned);
      reportDraw('turn (degrees)', quarters * 90);
      if (!isTurned) return item;
      return listKeys(args).reduce((current, key) => {
        const tensor = findTensor(current, key, args, name);
        if (tensor === undefined) return current;
        const [first, second] = resolveAxes(args.spatial_axes, tensor.shape.length - 1);
        const plane = [first, second] as const;
        const moved = rotateQuarters(tensor, quarters, plane);
        const inverse = { type: 'rotate', quarters: -quarters, plane } as const;
        return recordMotion(current, tensor, { name, key, moved, inverse });
      }, item);
    },
  };
}
