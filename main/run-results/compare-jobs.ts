import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ConfigDifference } from '../../common/api/results.ts';
import { unwrap } from '../../common/fault.ts';
import { describePlace, findJsonDifferences } from '../../common/json-differences.ts';
import { parseJsonObject } from '../../common/mmar/parse-json.ts';
import { JOB_FILES } from '../automl/run-folder.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { locateJob } from './locate-job.ts';

/** The train configs of jobs, and where they differ. @param searched names of what the run searched */
export async function compareJobs(
  runRoot: string,
  jobs: readonly string[],
  searched: ReadonlySet<string>,
): Promise<{ differences: ConfigDifference[]; configs: string[] }> {
  const configs = await Promise.all(
    jobs.map(async (job) => {
      const folder = await locateJob(runRoot, job);
      const label = `${job}/${JOB_FILES.trainConfig}`;
      return withFileFaults(label, () => readFile(join(folder, JOB_FILES.trainConfig), 'utf8'));
    }),
  );
  const documents = configs.map((text, index) =>
    unwrap(parseJsonObject(text, `${jobs[index]!}/${JOB_FILES.trainConfig}`)),
  );
  const differences = findJsonDifferences(documents).map((difference) => ({
    path: describePlace(difference),
    values: difference.values.map((value) => value ?? null),
    isSearched: difference.path.some((step) => typeof step === 'string' && searched.has(step)),
  }));
  return { differences, configs };
}
