import { z } from 'zod';
import {
  experiment,
  fileInfo,
  loggedModel,
  metric,
  modelVersion,
  registeredModel,
  run,
} from '../../../common/mlflow/entities.ts';

const page = { next_page_token: z.string().optional() };

/** What a tracking server answers, as far as it is read here; a server may say more. */
export const answers = {
  experiment: z.object({ experiment }),
  experimentId: z.object({ experiment_id: z.string() }),
  experiments: z.object({ experiments: z.array(experiment).default([]), ...page }),
  run: z.object({ run }),
  runs: z.object({ runs: z.array(run).default([]), ...page }),
  metrics: z.object({ metrics: z.array(metric).default([]), ...page }),
  files: z.object({ files: z.array(fileInfo).default([]), ...page }),
  loggedModel: z.object({ model: loggedModel }),
  loggedModels: z.object({ models: z.array(loggedModel).default([]), ...page }),
  registeredModel: z.object({ registered_model: registeredModel }),
  modelVersion: z.object({ model_version: modelVersion }),
  modelVersions: z.object({ model_versions: z.array(modelVersion).default([]), ...page }),
  nothing: z.object({}),
} as const;
