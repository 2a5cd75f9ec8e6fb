import type { MmarFiles } from '../files/mmar-files.ts';
import { exportOnnx } from '../model/export-onnx.ts';
import type { ModelState } from '../model/model-state.ts';
import type { Network } from '../networks/network.ts';

export const ONNX_MODEL = 'model.onnx';

/**
 * Writes the network with its weights of this moment as an ONNX file.
 *
 * @param window shape of images that the network was given, (batch, channel, ...spatial); by default the smallest that has
 *   several voxels at the deepest level
 */
export function writeOnnx(
  files: MmarFiles,
  path: string,
  network: Network,
  state: ModelState,
  window: readonly number[] | undefined,
): void {
  const [, ...sizes] = window ?? [1, network.inChannels, ...network.divisibleBy.map((size) => size * 2)];
  files.replace(path, exportOnnx(network, state, [1, ...sizes]));
}
