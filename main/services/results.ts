import type { MmarId } from '../../common/api/ids.ts';
import type { resultsApi } from '../../common/api/results.ts';
import { FaultError } from '../../common/fault.ts';
import type { Handlers } from '../../common/rpc/contract.ts';
import { makeConcreteValues } from '../../common/search-space/make-concrete.ts';
import { readMmarHandlerArgs } from '../automl/make-components.ts';
import { readAutomlConfig } from '../automl/prepare-run.ts';
import type { TrustedCode } from '../mmar/trust/trust-store.ts';
import type { RunDesk } from '../run-desk/run-desk.ts';
import type { RunPlace } from '../run-desk/run-picture.ts';
import { readClassScores } from '../run-results/class-scores.ts';
import { compareJobs } from '../run-results/compare-jobs.ts';
import type { EvaluatedJob, Evaluations } from '../run-results/evaluations.ts';
import { locateJob } from '../run-results/locate-job.ts';
import { makeDefault, planDefault } from '../run-results/make-default.ts';
import type { RunResults } from '../run-results/run-results.ts';

export interface ResultsServiceParts {
  readonly desk: RunDesk;
  readonly results: RunResults;
  readonly evaluations: Evaluations;
  /** Absolute path of an MMAR. Throws a FaultError for one that is not known. */
  readonly folderOf: (mmar: MmarId) => string;
  /** The code that a folder has now, when the user trusts exactly that. */
  readonly trustedCode: (mmarRoot: string) => Promise<TrustedCode | undefined>;
}

type JobPlace = RunPlace & { readonly job: string };

/** What runs have come to, for the window. */
export function createResultsService(parts: ResultsServiceParts): Handlers<typeof resultsApi> {
  const { desk, results, evaluations, folderOf, trustedCode } = parts;
  const describeChange = async (place: JobPlace) => {
    const { space, jobs } = await results.read(place);
    const job = jobs.find((row) => row.job === place.job);
    if (job === undefined) throw unknownJob(place.job);
    const root = folderOf(place.mmar);
    const concrete = makeConcreteValues(space, job.values);
    return planDefault(root, await readTrainConfigName(root), concrete);
  };
  const locate = async (place: JobPlace): Promise<EvaluatedJob> => {
    const jobRoot = await locateJob(await desk.folderOfRun(place), place.job);
    // not what the journal says: it may have come with the MMAR
    return { mmarRoot: folderOf(place.mmar), jobRoot, trustedCode: await trustedCode(jobRoot) };
  };
  return {
    importance: (place) => results.importance(place),
    contour: ({ x, y, ...place }) => results.contour(place, x, y),
    compare: async ({ jobs, ...place }) => {
      const { space } = await results.read(place);
      const searched = new Set(
        space.parameters.flatMap(({ args }) => args.map((arg) => arg.replace(/^@/, ''))),
      );
      return compareJobs(await desk.folderOfRun(place), jobs, searched);
    },
    classScores: async (place) => {
      // The folder of a job that was not kept says nothing of its classes.
      const jobRoot = await locateJob(await desk.folderOfRun(place), place.job).catch(whenNotKept);
      return { scores: (jobRoot === undefined ? undefined : await readClassScores(jobRoot)) ?? null };
    },
    evaluate: async (place) => {
      await evaluations.start(await locate(place));
      return {};
    },
    cancelEvaluation: async (place) => {
      await evaluations.cancel((await locate(place)).jobRoot);
      return {};
    },
    evaluation: async function* (place, { signal }) {
      yield* evaluations.follow(await locate(place), signal);
    },
    defaultChange: describeChange,
    makeDefault: async ({ digest, ...place }) => ({
      changed: await makeDefault(folderOf(place.mmar), await describeChange(place), digest),
    }),
  };
}

/** The train config that a search of the MMAR is over. */
async function readTrainConfigName(mmarRoot: string): Promise<string> {
  const config = await readAutomlConfig(
    { mmarRoot, overrides: { texts: {}, values: {} } },
    { texts: {}, values: {} },
  );
  return readMmarHandlerArgs(config).train_config_file;
}

function whenNotKept(error: unknown): undefined {
  if (error instanceof FaultError && error.faults[0]?.code === 'file-missing') return undefined;
  throw error;
}

function unknownJob(job: string): FaultError {
  return new FaultError({ code: 'run-not-found', file: job, message: 'The run has no job of this name.' });
}
