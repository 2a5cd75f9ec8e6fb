import { z } from 'zod';
import { FaultError } from '../../common/fault.ts';
import { trainStats, type TrainStats } from '../../common/mmar/train-stats.ts';
import type { MmarFiles } from '../files/mmar-files.ts';
import type { ModelState } from '../model/model-state.ts';
import { readCheckpoint } from './read-checkpoint.ts';
import { toTensor } from './state-dict.ts';
import { writeTorchFile } from './torch-file.ts';
import { float32Tensor, isTorchTensor, type TorchValue } from './torch-value.ts';

export const RESUME_CHECKPOINT = 'resume.pt';

const best = z.object({ value: z.number(), epoch: z.int() });
const handlerProgress = z.record(z.string(), z.unknown());

/** Everything that a training needs to go on after an epoch as if nothing had happened, besides its tensors. */
const resumePoint = z.object({
  outerloop_resume: z.literal(1),
  /** Of the config: another one would be another training. */
  configDigest: z.string(),
  seed: z.int().min(0).max(0xffff_ffff),
  /** Steps made; dropout follows from it and the seed. */
  step: z.int().min(0),
  trainer: z.object({ epoch: z.int(), iteration: z.int(), learningRate: z.number(), best }),
  schedule: z.int().optional(),
  validationBest: best.optional(),
  handlers: z.object({ train: handlerProgress, validate: handlerProgress }),
  stats: trainStats,
});

/** Order and random transforms of an epoch follow from seed and epoch, so there is no state of a loader in it. */
export type ResumePoint = z.output<typeof resumePoint> & { readonly stats: TrainStats };

/** Writes the checkpoint that {@link readResumePoint} and {@link restoreTensors} take. */
export function writeResumeCheckpoint(
  files: MmarFiles,
  path: string,
  point: ResumePoint,
  state: ModelState,
): void {
  const tensors = state
    .names('parameter', 'buffer', 'optimizer')
    .map((name) => [name, float32Tensor(state.get(name).shape, state.get(name).data)] as const);
  files.replace(path, writeTorchFile({ progress: JSON.stringify(point), tensors: new Map(tensors) }));
}

/** An interrupted training. */
export interface ResumeCheckpoint {
  readonly point: ResumePoint;
  readonly tensors: ReadonlyMap<string, TorchValue>;
}

/** @throws FaultError (code `checkpoint`) when the file cannot be understood */
export function readResumeCheckpoint(files: MmarFiles, path: string): ResumeCheckpoint {
  const content = readCheckpoint(files, path);
  const [progress, tensors] = [content.get('progress'), content.get('tensors')];
  const parsed = typeof progress === 'string' ? resumePoint.safeParse(parseJson(progress)) : undefined;
  if (parsed?.success === true && tensors instanceof Map) {
    return { point: parsed.data, tensors: tensors as ReadonlyMap<string, TorchValue> };
  }
  throw unusable(files, path, 'It does not hold the state of a training.');
}

/** Puts the tensors of a checkpoint into the model. Throws a fault when it is of another model. */
export function restoreTensors(
  files: MmarFiles,
  path: string,
  state: ModelState,
  { point, tensors }: ResumeCheckpoint,
): void {
  for (const name of state.names('parameter', 'buffer', 'optimizer')) {
    const tensor = tensors.get(name);
    if (!isTorchTensor(tensor)) throw unusable(files, path, `It lacks "${name}".`);
    state.set(name, toTensor(tensor));
  }
  state.step = point.step;
}

const unusable = (files: MmarFiles, path: string, message: string): FaultError =>
  new FaultError({
    code: 'checkpoint',
    file: files.describe(path),
    message,
    allowed: 'the file that the interrupted training wrote; without it the training starts anew',
  });

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
