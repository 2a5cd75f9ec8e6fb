import { segResNetSpec, unetSpec } from '../components/networks.ts';
import { parseArguments } from './parse-arguments.ts';
import type { ComponentNode } from './resolved-config.ts';

/** So many tensors of the first level are alive at the peak of a step, at least; counted in the trainer's graphs. */
const UNET_TENSORS = { plain: 12, residual: 22 };
const SEGRESNET_TENSORS = 28;

/**
 * Bytes that the activations of a training step need at least, from the arguments of a network alone; undefined for a network that
 * is not built in. The trainer counts them exactly, from the graph, before a job begins.
 *
 * @param voxels of all patches of a step, of one channel
 */
export function leastStepBytes(network: ComponentNode, voxels: number): number | undefined {
  if (network.path !== undefined) return undefined;
  if ([unetSpec.name, ...unetSpec.aliases].includes(network.name)) {
    const parsed = parseArguments(network, unetSpec);
    if (!parsed.ok) return undefined;
    const {
      channels,
      strides,
      num_res_units: units,
      spatial_dims: dims = parsed.value.dimensions ?? 3,
    } = parsed.value;
    const stride = strides[0]!;
    const shrink =
      typeof stride === 'number' ? stride ** dims : stride.reduce((product, part) => product * part, 1);
    const tensors = units === 0 ? UNET_TENSORS.plain : UNET_TENSORS.residual;
    return (4 * tensors * channels[0]! * voxels) / shrink;
  }
  if (network.name !== segResNetSpec.name) return undefined;
  const parsed = parseArguments(network, segResNetSpec);
  return parsed.ok ? 4 * SEGRESNET_TENSORS * parsed.value.init_filters * voxels : undefined;
}
