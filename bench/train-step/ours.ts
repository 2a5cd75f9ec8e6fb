import { createInterface } from 'node:readline';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Tensor } from '../../trainer/data/tensor.ts';
import { createModelState } from '../../trainer/model/model-state.ts';
import { createTrainStep } from '../../trainer/model/train-step.ts';
import { benchCases, createBatch, createTraining } from './cases.ts';

/**
 * Our side of the bench: `node ours.ts <case> <threads> <folder> [profile]`. Writes the weights and the batch to the
 * folder, then answers each line `step` with one line of JSON, and `end` with the largest memory that the process had.
 * With `profile` ONNX Runtime's time per operator is written to the folder.
 */
const [caseName, threads, folder, profile] = process.argv.slice(2);
const benchCase = benchCases[caseName];
const training = createTraining(benchCase);
const batch = createBatch(benchCase);
const state = createModelState(training.network, 1, training.optimizer);
const answer = (message: object): boolean => process.stdout.write(`${JSON.stringify(message)}\n`);

writeTensors({ image: batch.image, label: batch.label, ...Object.fromEntries(state.snapshot()) });
const step = await createTrainStep({
  ...training,
  imageShape: batch.image.shape,
  labelShape: batch.label.shape,
  threads: Number(threads),
  ...(profile === 'profile' && { profile: { filePrefix: join(folder, 'profile') } }),
});
answer({ ready: `Node ${process.version}` });

for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'end') break;
  const startedAt = performance.now();
  const cpuBefore = process.cpuUsage();
  const { loss } = await step.run(state, batch, benchCase.learningRate);
  const cpu = process.cpuUsage(cpuBefore);
  answer({ ms: performance.now() - startedAt, cpuMs: (cpu.user + cpu.system) / 1000, loss });
}
await step.dispose();
answer({ peakMiB: process.resourceUsage().maxRSS / 1024 });

function writeTensors(tensors: Readonly<Record<string, Tensor>>): void {
  const entries = Object.entries(tensors).map(([name, { shape, data }]) => {
    const file = `${name}.f32`;
    writeFileSync(join(folder, file), new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return [name, { file, shape }];
  });
  writeFileSync(join(folder, 'tensors.json'), JSON.stringify(Object.fromEntries(entries)));
}
