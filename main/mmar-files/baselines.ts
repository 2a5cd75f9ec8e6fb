import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Baseline } from '../../common/api/files.ts';
import { FaultError } from '../../common/fault.ts';
import { readBest } from '../automl/best-folder.ts';
import { RUN_FILES } from '../automl/run-folder.ts';
import { listTemplates } from '../mmar/template.ts';
import { readTextFile } from './text-file.ts';

/** Jobs that are offered; a run may have thousands. */
const MAX_JOBS = 30;
const JOB_FOLDER = /^W\d+_\d+_J(\d+)$/;

/** What the file at a path can be compared with: what the latest run searched, its jobs' file, the templates' one. */
export async function listBaselines(root: string, path: string): Promise<Baseline[]> {
  const templates = (await listTemplates()).map(({ name, title }): Baseline => ({
    id: `template/${name}`,
    title,
    kind: 'template',
  }));
  const all = [...(await listLatestRun(root)), ...templates];
  const there = await Promise.all(
    all.map(({ id }) =>
      readBaseline(root, path, id).then(
        () => true,
        () => false,
      ),
    ),
  );
  return all.filter((_, index) => there[index]);
}

/**
 * The text of a baseline.
 *
 * @param id as {@link listBaselines} gives it
 * @throws FaultError file-missing
 */
export async function readBaseline(root: string, path: string, id: string): Promise<string> {
  const [kind, ...rest] = id.split('/');
  if (kind === 'template') {
    const template = (await listTemplates()).find(({ name }) => name === rest.join('/'));
    if (template !== undefined) return (await readTextFile(template.folder, path)).text;
  }
  if (kind === 'run' && rest.length === 1)
    return (await readTextFile(root, `automl/${rest[0]}/${RUN_FILES.searched}/${path}`)).text;
  if (kind === 'job' && rest.length === 2) {
    const [run, job] = rest as [string, string];
    if (job === 'best' || JOB_FOLDER.test(job))
      return (await readTextFile(root, `automl/${run}/${job}/${path}`)).text;
  }
  throw new FaultError({ code: 'file-missing', file: path, message: 'There is nothing to compare with.' });
}

/** What the run searched comes first; runs of older versions did not keep it. */
async function listLatestRun(root: string): Promise<Baseline[]> {
  const run = await findLatestRun(join(root, 'automl'));
  if (run === undefined) return [];
  const folder = join(root, 'automl', run);
  const best = await readBest(join(folder, 'best'));
  const jobs = (await readdir(folder))
    .flatMap((name) => {
      const number = JOB_FOLDER.exec(name)?.[1];
      return number === undefined ? [] : [{ name, number: Number(number) }];
    })
    .sort((a, b) => b.number - a.number)
    .slice(0, MAX_JOBS);
  return [
    { id: `run/${run}`, title: `What ${run} searched`, kind: 'run' },
    ...(best === undefined
      ? []
      : [{ id: `job/${run}/best`, title: `Best job of ${run} (${best.job})`, kind: 'job' as const }]),
    ...jobs.map(({ name }) => ({
      id: `job/${run}/${name}`,
      title: `${name} of ${run}`,
      kind: 'job' as const,
    })),
  ];
}

/** The run whose folder was made or added to last. */
async function findLatestRun(automl: string): Promise<string | undefined> {
  const names = await readdir(automl).catch(() => []);
  const runs = await Promise.all(
    names.map(async (name) => ({
      name,
      mtimeMs: await stat(join(automl, name, 'journal.jsonl')).then(
        (found) => found.mtimeMs,
        () => undefined,
      ),
    })),
  );
  return runs.filter((run) => run.mtimeMs !== undefined).sort((a, b) => b.mtimeMs! - a.mtimeMs!)[0]?.name;
}
