import { z } from 'zod';
import { fail, succeed, type Result } from '../fault.ts';
import type { JsonObject } from '../json.ts';
import { parseJsonObject } from './parse-json.ts';
import { faultsOfIssues } from './schema-faults.ts';
import type { JoinPath } from './variables.ts';

const path = (description: string) => z.string().optional().describe(description);

/** config/environment.json: variables of the place where an MMAR stands. Any further key is a variable too. */
export const environmentSchema = z
  .object({
    DATA_ROOT: path('folder that the paths of the data list start from; relative to the MMAR'),
    DATASET_JSON: path('the data list; relative to the MMAR'),
    PROCESSING_TASK: z.enum(['segmentation', 'classification', 'annotation']).optional(),
    MMAR_CKPT_DIR: path('folder for models and event files; default models'),
    MMAR_CKPT: path('checkpoint to start from; default models/model.pt'),
    MMAR_TORCHSCRIPT: path('exported model; default models/model.ts'),
    MMAR_EVAL_OUTPUT_PATH: path('folder for the output of evaluations; default eval'),
    PRETRAIN_WEIGHTS_FILE: path('weights to start from'),
    CLARA_TRAIN_VERSION: z.string().optional(),
    TRAIN_DATALIST_KEY: z.string().optional().describe('key of the training cases; default training'),
    VAL_DATALIST_KEY: z.string().optional().describe('key of the validation cases; default validation'),
    INFER_DATALIST_KEY: z.string().optional().describe('key of the cases to predict; default test'),
    INPUT_CHANNELS: z.int().positive().optional().describe('channels of the images'),
    OUTPUT_CHANNELS: z.int().positive().optional().describe('classes, the background included'),
  })
  .catchall(z.json());

/** The environment of an MMAR, from the text of its file. */
export function readEnvironment(text: string, file: string): Result<JsonObject> {
  const parsed = parseJsonObject(text, file);
  if (!parsed.ok) return parsed;
  const checked = environmentSchema.safeParse(parsed.value, { reportInput: true });
  if (checked.success) return succeed(parsed.value);
  return fail(
    ...faultsOfIssues(checked.error, { file, path: [] }).map((fault) => ({
      ...fault,
      code: 'schema' as const,
    })),
  );
}

/** Variables of environment.json that are paths relative to the MMAR, besides those whose names begin with `MMAR_`. */
const DATA_PATHS = ['DATA_ROOT', 'DATASET_JSON', 'PRETRAIN_WEIGHTS_FILE'];

/**
 * The environment with its data paths absolute: for the copy of an MMAR that stands elsewhere, such as a job's, which
 * would otherwise look for the data from its own folder.
 */
export function anchorDataPaths(environment: JsonObject, mmarRoot: string, joinPath: JoinPath): JsonObject {
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [
      name,
      DATA_PATHS.includes(name) && typeof value === 'string' && value !== ''
        ? joinPath(mmarRoot, value)
        : value,
    ]),
  );
}
