import { z } from 'zod';
import { experiment, fileInfo, metric, run } from '../../../common/mlflow/entities.ts';

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
  nothing: z.object({}),
} as const;
