import { createTensor } from '../../trainer/data/tensor.ts';
import { lossRegistry } from '../../trainer/losses/registry.ts';
import { lowerForDevice } from '../../trainer/lower-for-device.ts';
import { estimateBytes, followMemory } from '../../trainer/model/estimate-memory.ts';
import { createModelState } from '../../trainer/model/model-state.ts';
import { buildTrainGraph } from '../../trainer/model/train-graph.ts';
import { createTrainStep } from '../../trainer/model/train-step.ts';
import { networkRegistry } from '../../trainer/networks/registry.ts';
import { optimizerRegistry } from '../../trainer/optimizers/registry.ts';

/** One case of the bench, in a process of its own: `node step.ts <network> <arguments as JSON> <batch x size>`. */
const [name, args, shapeText] = process.argv.slice(2);
const [batch, ...size] = shapeText.split('x').map(Number);
const shape = [batch, 1, ...size];
const parts = {
  network: networkRegistry.create(name, { in_channels: 1, ...(JSON.parse(args) as object) }),
  loss: lossRegistry.create('DiceCELoss', { to_onehot_y: true, softmax: true }),
  optimizer: optimizerRegistry.create('Adam', { lr: 1e-3 }),
  imageShape: shape,
  labelShape: shape,
};
const { leastBytes, mostBytes } = estimateBytes(
  followMemory(await lowerForDevice(undefined, buildTrainGraph(parts).graph)),
);
const beforeBytes = process.memoryUsage().rss;
const count = shape.reduce((product, part) => product * part, 1);
const image = createTensor(
  shape,
  Float32Array.from({ length: count }, (_, at) => Math.sin(at)),
);
const label = createTensor(
  shape,
  Float32Array.from({ length: count }, (_, at) => at % 2),
);
const state = createModelState(parts.network, 1, parts.optimizer);
const step = await createTrainStep({ ...parts, threads: 2 });
for (let run = 0; run < 3; run++) await step.run(state, { image, label }, 1e-3);
const usedBytes = process.resourceUsage().maxRSS * 1024 - beforeBytes;
process.stdout.write(JSON.stringify({ leastBytes, mostBytes, usedBytes }));
