import { createTensor, stridesOf, type Tensor } from '../../data/tensor.ts';
import { padFront } from './gather.ts';

/** Exchanges spatial axes: output axis i is input axis `order[i]`. */
export function permuteAxes(tensor: Tensor, order: readonly number[]): Tensor {
  if (order.every((axis, at) => axis === at)) return tensor;
  const { shape, data } = tensor;
  const outShape = [shape[0], ...order.map((axis) => shape[axis + 1])];
  const strides = stridesOf(shape);
  const steps = order.map((axis) => strides[axis + 1]);
  const [sizeX, sizeY, sizeZ] = padFront(outShape.slice(1), 3, 1);
  const [stepX, stepY, stepZ] = padFront(steps, 3, 0);
  const out = new Float32Array(data.length);
  let to = 0;
  for (let channel = 0; channel < shape[0]; channel++) {
    for (let x = 0; x < sizeX; x++) {
      for (let y = 0; y < sizeY; y++) {
        let from = channel * strides[0] + x * stepX + y * stepY;
        for (let z = 0; z < sizeZ; z++, from += stepZ) out[to++] = data[from];
      }
    }
  }
  return createTensor(outShape, out);
}
