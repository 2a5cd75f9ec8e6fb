import type { Phantom } from './draw-phantom.ts';
import { depthInside, drawNormal, unitAxes, type Ellipsoid, type Random, type Vector } from './ellipsoid.ts';

/** Something in the body: later ones lie over earlier ones. */
interface Part {
  readonly shape: Ellipsoid;
  readonly hounsfield: number;
  readonly label: 0 | 1;
}

const AIR = -1000;
const NOISE = 12;

/**
 * Draws a small abdomen as CT shows it, in Hounsfield units: a body of muscle in a rim of fat, a spine, a large organ on the
 * right, and the labelled one on the left behind (label 1), hardly brighter than the first, so that place and shape tell them
 * apart. Slices are thicker than pixels and differ from case to case.
 *
 * @param baseSize edge length in voxels around which each axis varies by up to an eighth
 */
export function drawCtPhantom(random: Random, baseSize: number): Phantom {
  const shape = [0, 1, 2].map(() => Math.round(baseSize * (0.875 + 0.25 * random()))) as unknown as Vector;
  const parts = placeParts(random, shape);
  const image = new Float32Array(shape[0] * shape[1] * shape[2]);
  const label = new Float32Array(image.length);
  let index = 0;
  for (let x = 0; x < shape[0]; x++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let z = 0; z < shape[2]; z++, index++) {
        const part = parts.findLast((candidate) => depthInside(candidate.shape, [x, y, z]) > 0);
        label[index] = part?.label ?? 0;
        image[index] = Math.round((part?.hounsfield ?? AIR) + NOISE * drawNormal(random));
      }
    }
  }
  return { shape, spacingMm: [2, 2, 2.5 + random()], image, label };
}

/** Axes point right, anterior and superior. */
function placeParts(random: Random, shape: Vector): readonly Part[] {
  const vary = (value: number, by: number): number => value + (random() - 0.5) * by;
  const at = (centre: Vector, radii: Vector): Ellipsoid => ({
    centre: centre.map(
      (part, axis) => (part * (shape[axis]! - 1)) / 2 + (shape[axis]! - 1) / 2,
    ) as unknown as Vector,
    radii: radii.map((part, axis) => (part * shape[axis]!) / 2) as unknown as Vector,
    axes: unitAxes,
  });
  const part = (hounsfield: number, shapeOf: Ellipsoid, label: 0 | 1 = 0): Part => ({
    hounsfield,
    shape: shapeOf,
    label,
  });
  const organ = vary(52, 16);
  return [
    part(-100, at([0, 0, 0], [0.94, 0.88, 1.3])),
    part(vary(25, 10), at([0, 0, 0], [0.86, 0.8, 1.2])),
    part(organ + 6, at([vary(0.38, 0.1), vary(0.1, 0.1), vary(0.1, 0.2)], [0.42, 0.5, 0.6])),
    part(organ, at([vary(-0.5, 0.1), vary(-0.3, 0.1), vary(0, 0.4)], [0.28, 0.34, vary(0.45, 0.1)]), 1),
    part(vary(450, 200), at([0, -0.52, 0], [0.16, 0.16, 2])),
  ];
}
