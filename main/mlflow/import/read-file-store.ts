import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DatasetInput, KeyValue, Metric, RunStatus } from '../../../common/mlflow/entities.ts';
import { RUN_STATUSES } from '../../../common/mlflow/vocabulary.ts';
import { parseFlatYaml, scalarsOf, type FlatValue } from './flat-yaml.ts';
import type { ImportedRun, ImportSource } from './imported-run.ts';

/** Folders of an experiment that are no runs. */
const RESERVED = ['tags', 'datasets', 'traces', 'models'];

/** An `mlruns` folder: MLflow's file store (MLflow 1 to 3). Deleted experiments and runs are left out. */
export async function readFileStore(root: string): Promise<ImportSource> {
  const leftOut: string[] = [];
  if ((await foldersOf(join(root, '.trash'))).length > 0) leftOut.push('deleted experiments');
  if ((await foldersOf(join(root, 'models'))).length > 0) leftOut.push('registered models');
  return { runs: readRuns(root, leftOut), leftOut };
}

/** True for a folder that the file store made. */
export async function isFileStore(root: string): Promise<boolean> {
  for (const name of await foldersOf(root))
    if (/^\d+$/.test(name) && (await readMeta(join(root, name))) !== undefined) return true;
  return false;
}

async function* readRuns(root: string, leftOut: string[]): AsyncGenerator<ImportedRun> {
  for (const id of (await foldersOf(root)).filter((name) => /^\d+$/.test(name))) {
    const folder = join(root, id);
    const meta = await readMeta(folder);
    if (meta === undefined) continue;
    const { name = id, lifecycle_stage: stage } = scalarsOf(meta);
    if (stage === 'deleted') continue;
    const experiment = { name, tags: await readTexts(join(folder, 'tags')) };
    if ((await foldersOf(join(folder, 'models'))).length > 0) note(leftOut, 'logged models');
    if ((await foldersOf(join(folder, 'traces'))).length > 0) note(leftOut, 'traces');
    for (const run of (await foldersOf(folder)).filter((child) => !RESERVED.includes(child))) {
      const imported = await readRun(join(folder, run), folder, run, experiment);
      if (imported === 'deleted') note(leftOut, 'deleted runs');
      else if (imported !== undefined) yield imported;
    }
  }
}

async function readRun(
  folder: string,
  experimentFolder: string,
  runId: string,
  experiment: ImportedRun['experiment'],
): Promise<ImportedRun | 'deleted' | undefined> {
  const meta = await readMeta(folder);
  if (meta === undefined) return undefined;
  const said = scalarsOf(meta);
  if (said.lifecycle_stage === 'deleted') return 'deleted';
  const tags = await readTexts(join(folder, 'tags'));
  const endTime = toNumber(said.end_time);
  return {
    runId,
    experiment,
    name: said.run_name ?? tags.find(({ key }) => key === 'mlflow.runName')?.value ?? runId,
    userId: said.user_id ?? '',
    status: readStatus(said.status),
    startTime: toNumber(said.start_time) ?? 0,
    ...(endTime === undefined ? {} : { endTime }),
    params: await readTexts(join(folder, 'params')),
    tags,
    metrics: await readMetrics(join(folder, 'metrics')),
    inputs: await readInputs(join(folder, 'inputs'), join(experimentFolder, 'datasets')),
    artifacts: join(folder, 'artifacts'),
  };
}

/** Numbers in files of MLflow 1 and 2, names in some. */
function readStatus(text = ''): RunStatus {
  const byNumber: readonly RunStatus[] = ['RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED'];
  return byNumber[Number(text) - 1] ?? RUN_STATUSES.find((status) => status === text) ?? 'FINISHED';
}

async function readMeta(folder: string): Promise<Readonly<Record<string, FlatValue>> | undefined> {
  const text = await readFile(join(folder, 'meta.yaml'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : parseFlatYaml(text);
}

/** One file per key, whose content is the value. */
async function readTexts(folder: string): Promise<readonly KeyValue[]> {
  const found: KeyValue[] = [];
  for (const key of await filesBelow(folder))
    found.push({ key, value: await readFile(join(folder, key), 'utf8') });
  return found;
}

/** Lines as `1700000000000 0.5 3`, with a data set's name and digest behind in some; very old ones have no step. */
async function readMetrics(folder: string): Promise<readonly Metric[]> {
  const found: Metric[] = [];
  for (const key of await filesBelow(folder)) {
    const text = await readFile(join(folder, key), 'utf8');
    for (const line of text.split('\n')) {
      const [time, value, step = '0'] = line.trim().split(/\s+/);
      if (value === undefined) continue;
      found.push({ key, value: readFloat(value), step: Number(step), timestamp: Number(time) });
    }
  }
  return found;
}

/** As Python writes numbers. */
function readFloat(text: string): number {
  const infinite = /^([+-]?)inf(?:inity)?$/i.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? -Infinity : Infinity;
  return Number(text);
}

async function readInputs(folder: string, datasets: string): Promise<readonly DatasetInput[]> {
  const found: DatasetInput[] = [];
  for (const name of await foldersOf(folder)) {
    const meta = (await readMeta(join(folder, name))) ?? {};
    const { source_type: type, source_id: id } = scalarsOf(meta);
    const dataset = type === 'DATASET' && id !== undefined ? await readMeta(join(datasets, id)) : undefined;
    if (dataset === undefined) continue;
    const { name: title, digest, source_type = '', source = '', schema, profile } = scalarsOf(dataset);
    if (title === undefined || digest === undefined) continue;
    const tags = typeof meta.tags === 'object' && meta.tags !== null ? scalarsOf(meta.tags) : {};
    found.push({
      dataset: {
        name: title,
        digest,
        source_type,
        source,
        ...(schema === undefined ? {} : { schema }),
        ...(profile === undefined ? {} : { profile }),
      },
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    });
  }
  return found;
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .toSorted();
}

async function foldersOf(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .toSorted();
}

function toNumber(text: string | undefined): number | undefined {
  const value = Number(text);
  return text === undefined || !Number.isFinite(value) ? undefined : value;
}

function note(list: string[], what: string): void {
  if (!list.includes(what)) list.push(what);
}
