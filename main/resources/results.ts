import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { jobName, mmarId, runName, type MmarId } from '../../common/api/ids.ts';
import { FaultError } from '../../common/fault.ts';
import { formatLeaderboardCsv, makeLeaderboard } from '../automl/leaderboard.ts';
import { readRun } from '../automl/watch-run.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { programVersion } from '../node/program-version.ts';
import type { RunDesk } from '../run-desk/run-desk.ts';
import { locateJob } from '../run-results/locate-job.ts';
import { writeReport } from '../run-results/report/write-report.ts';
import type { RunResults } from '../run-results/run-results.ts';
import type { ResourceRoute } from './resource-route.ts';

/**
 * Downloads of results: `<mmar>/<run>/report.html`, `<mmar>/<run>/leaderboard.csv` and `<mmar>/<run>/<job>/model.onnx`
 * (common/api/results.ts).
 */
export function makeResultsRoute(desk: RunDesk, results: RunResults): ResourceRoute {
  return {
    noun: 'results',
    handle: async (_request, segments) => {
      const file = segments.at(-1);
      const [mmar, run] = [mmarId.safeParse(segments[0]), runName.safeParse(segments[1])];
      if (!mmar.success || !run.success) throw nothingThere();
      const place = { mmar: mmar.data, run: run.data };
      if (segments.length === 3 && file === 'report.html') return sendReport(place, results);
      if (segments.length === 3 && file === 'leaderboard.csv') return sendLeaderboard(place, desk);
      const job = jobName.safeParse(segments[2]);
      if (segments.length === 4 && file === 'model.onnx' && job.success)
        return sendModel(await desk.folderOfRun(place), job.data);
      throw nothingThere();
    },
  };
}

type Place = { readonly mmar: MmarId; readonly run: string };

async function sendReport(place: Place, results: RunResults): Promise<Response> {
  const [run, importance] = [await results.read(place), await results.importance(place)];
  const report = writeReport({ ...run, importance, version: programVersion() });
  return new Response(report, { headers: download('text/html; charset=utf-8', `report-${place.run}.html`) });
}

async function sendLeaderboard(place: Place, desk: RunDesk): Promise<Response> {
  const { jobs } = await readRun(await desk.folderOfRun(place));
  const ended = jobs.filter(({ state }) => state !== 'running' && state !== 'interrupted');
  const csv = formatLeaderboardCsv(makeLeaderboard(ended));
  return new Response(csv, { headers: download('text/csv; charset=utf-8', `leaderboard-${place.run}.csv`) });
}

async function sendModel(runRoot: string, job: string): Promise<Response> {
  const file = join(await locateJob(runRoot, job), 'models/model.onnx');
  const { size } = await withFileFaults(`${job}/models/model.onnx`, () => stat(file));
  const body = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
  const headers = {
    ...download('application/octet-stream', `model-${job}.onnx`),
    'Content-Length': String(size),
  };
  return new Response(body, { headers });
}

/** Names of runs may have any characters: RFC 5987 and 6266. */
function download(type: string, name: string): Record<string, string> {
  const plain = name.replace(/[^\w.-]/g, '_');
  return {
    'Content-Type': type,
    'Content-Disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encodeURIComponent(name)}`,
    'Cache-Control': 'no-store',
  };
}

function nothingThere(): FaultError {
  return new FaultError({ code: 'file-missing', message: 'There is nothing at this address.' });
}
