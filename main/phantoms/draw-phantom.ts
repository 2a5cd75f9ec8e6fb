import { depthInside, drawNormal, unitAxes, type Ellipsoid, type Random, type Vector } from './ellipsoid.ts';

/** A drawn case: image and label on the same grid, the last axis fastest. */
export interface Phantom {
  readonly shape: readonly [number, number, number];
  readonly spacingMm: Vector;
  readonly image: Float32Array;
  /** 0 background, 1 front part, 2 back part of the structure. */
  readonly label: Float32Array;
}

/**
 * Draws a small MR-like volume: a bright body with a slow intensity drift, two blobs that look like the structure but are
 * not labelled, and one two-part structure (labels 1 and 2) of random size, place and tilt. The parts differ little from
 * the body and from each other, so that a network has to learn their shape and order, not only their brightness.
 *
 * @param baseSize edge length in voxels around which each axis varies by up to an eighth
 */
export function drawPhantom(random: Random, baseSize: number): Phantom {
  const shape = [0, 1, 2].map(() => Math.round(baseSize * (0.875 + 0.25 * random()))) as [
    number,
    number,
    number,
  ];
  const middle = shape.map((size) => (size - 1) / 2) as unknown as Vector;
  const body: Ellipsoid = {
    centre: middle,
    radii: shape.map((size) => size * (0.42 + 0.05 * random())) as unknown as Vector,
    axes: unitAxes,
  };
  const { front, back } = placeStructure(random, middle, baseSize);
  const decoys = [0, 1].map(() => placeDecoy(random, middle, baseSize));
  const drift = [0, 1, 2].map(() => (random() - 0.5) * 0.5) as unknown as Vector;
  const gain = 200 + 600 * random();

  const image = new Float32Array(shape[0] * shape[1] * shape[2]);
  const label = new Float32Array(image.length);
  let index = 0;
  for (let x = 0; x < shape[0]; x++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let z = 0; z < shape[2]; z++, index++) {
        const point: Vector = [x, y, z];
        let brightness = depthInside(body, point) > 0 ? 0.55 : 0.1;
        for (const decoy of decoys) if (depthInside(decoy, point) > 0) brightness = 0.82;
        const inFront = depthInside(front, point);
        const inBack = depthInside(back, point);
        if (inFront > 0 || inBack > 0) {
          label[index] = inFront >= inBack ? 1 : 2;
          brightness = inFront >= inBack ? 0.84 : 0.78;
        }
        const slope =
          1 +
          drift[0] * (x / shape[0] - 0.5) +
          drift[1] * (y / shape[1] - 0.5) +
          drift[2] * (z / shape[2] - 0.5);
        image[index] = gain * (brightness * slope + 0.05 * drawNormal(random));
      }
    }
  }
  return { shape, spacingMm: [1, 1, 1], image, label };
}

/** Two touching ellipsoids, the front one always towards larger y. */
function placeStructure(
  random: Random,
  middle: Vector,
  baseSize: number,
): { front: Ellipsoid; back: Ellipsoid } {
  const axes = tiltedAxes((random() - 0.5) * 0.8);
  const centre = middle.map((value) => value + (random() - 0.5) * baseSize * 0.2) as unknown as Vector;
  const size = baseSize * (0.9 + 0.2 * random());
  const along = axes[1];
  const part = (offset: number, width: number, length: number): Ellipsoid => ({
    centre: centre.map((value, axis) => value + along[axis]! * offset * size) as unknown as Vector,
    radii: [width * size, length * size, width * size],
    axes,
  });
  return { front: part(0.12, 0.17, 0.17), back: part(-0.12, 0.12, 0.23) };
}

/** A single round blob as bright as the structure, away from the middle. */
function placeDecoy(random: Random, middle: Vector, baseSize: number): Ellipsoid {
  const side = random() < 0.5 ? -1 : 1;
  const centre: Vector = [
    middle[0] + side * baseSize * (0.27 + 0.06 * random()),
    middle[1] + (random() - 0.5) * baseSize * 0.3,
    middle[2] + (random() - 0.5) * baseSize * 0.3,
  ];
  const radius = baseSize * (0.06 + 0.03 * random());
  return { centre, radii: [radius, radius, radius], axes: unitAxes };
}

/** Axes turned about x. */
function tiltedAxes(angle: number): Ellipsoid['axes'] {
  const cosine = Math.cos(angle);
  const sine = Math.sin(angle);
  return [
    [1, 0, 0],
    [0, cosine, sine],
    [0, -sine, cosine],
  ];
}
