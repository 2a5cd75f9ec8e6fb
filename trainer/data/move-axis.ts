import { countElements, createTensor, type Tensor } from './tensor.ts';

/** The tensor with `axis` (negative counts from the end) as the first one; the others keep their order. */
export function moveAxisToFront(tensor: Tensor, axis: number): Tensor {
  return rotateAxis(tensor, axis < 0 ? axis + tensor.shape.length : axis, 'front');
}

/** The tensor with its first axis as the last one. */
export function moveFirstAxisToEnd(tensor: Tensor): Tensor {
  return rotateAxis(tensor, 0, 'end');
}

function rotateAxis({ shape, data }: Tensor, axis: number, to: 'front' | 'end'): Tensor {
  const size = shape[axis];
  const others = shape.filter((_, at) => at !== axis);
  const target = to === 'front' ? [size, ...others] : [...others, size];
  const before = countElements(shape.slice(0, axis));
  const after = countElements(shape.slice(axis + 1));
  const moved = new Float32Array(data.length);
  const alongStep = to === 'front' ? before * after : 1;
  const otherStep = to === 'front' ? 1 : size;
  let from = 0;
  for (let outer = 0; outer < before; outer++) {
    for (let along = 0; along < size; along++) {
      let into = along * alongStep + outer * after * otherStep;
      for (let inner = 0; inner < after; inner++, from++, into += otherStep) moved[into] = data[from];
    }
  }
  return createTensor(target, moved);
}
