import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { MmarCard, TrustState } from '../../common/api/library.ts';
import type { Fault } from '../../common/fault.ts';
import { isJsonObject, type Json, type JsonObject } from '../../common/json.ts';
import { casesOf } from '../../common/mmar/data-list.ts';
import { parseJsonObject } from '../../common/mmar/parse-json.ts';
import { readMmarText } from '../mmar/check/mmar-place.ts';
import { openDataList, type OpenDataList } from '../mmar-files/survey-data-list.ts';
import { describePlace } from './describe-place.ts';
import { isFolder, isMmar } from './detect-mmar.ts';
import type { KnownMmar } from './known-mmars.ts';
import type { CardRuns } from './read-runs.ts';

/** What cards are read with. */
export interface CardParts {
  readonly runs: CardRuns;
  /** Whether the MMAR's own code is trusted; asked only for one that has some. */
  readonly trustOf: (mmarRoot: string) => Promise<TrustState>;
}

const TRAIN_CONFIG = 'config/config_train.json';
const CODE = /[.][cm]?[jt]s$/;
const TASKS = ['segmentation', 'classification'] as const;

/** What the library shows of an MMAR. Never fails for the state that its folder is in: that is what the card says. */
export async function readCard(known: KnownMmar, parts: CardParts): Promise<MmarCard> {
  const { mmar, folder, openedAt, isSample } = known;
  const base = {
    mmar,
    name: basename(folder),
    place: describePlace(dirname(folder)),
    isSample,
    ...(openedAt === undefined ? {} : { openedAt }),
  };
  const problem = await findProblem(folder, base.name);
  if (problem !== undefined) return { ...base, ...problem, runs: 0, trust: 'needless' };
  const [config, list, runs, trust] = await Promise.all([
    readConfig(folder),
    openDataList(folder),
    parts.runs.of(folder),
    readTrust(folder, parts),
  ]);
  const data = describeData(list);
  return {
    ...base,
    state: config.faults.length === 0 ? 'ready' : 'broken',
    faults: [...config.faults],
    ...describeTask(list.environment),
    ...describeNetwork(config.json),
    ...(data === undefined ? {} : { data }),
    ...runs,
    trust,
  };
}

async function findProblem(
  folder: string,
  name: string,
): Promise<{ readonly state: 'gone' | 'foreign'; readonly faults: Fault[] } | undefined> {
  if (!(await isFolder(folder))) {
    const message = 'The folder is not there. It was moved or deleted, or its disk is not connected.';
    return { state: 'gone', faults: [{ code: 'file-missing', file: name, message }] };
  }
  if (await isMmar(folder)) return undefined;
  return { state: 'foreign', faults: [noMmarFault(name)] };
}

/** The fault of a folder that holds no MMAR. */
export function noMmarFault(name: string): Fault {
  return {
    code: 'schema',
    file: name,
    message: 'The folder holds no MMAR.',
    allowed: `a folder with ${TRAIN_CONFIG}`,
  };
}

async function readConfig(
  folder: string,
): Promise<{ readonly json: JsonObject; readonly faults: readonly Fault[] }> {
  const text = await readMmarText(folder, TRAIN_CONFIG);
  const read = text.ok ? parseJsonObject(text.value, TRAIN_CONFIG) : text;
  return read.ok ? { json: read.value, faults: [] } : { json: {}, faults: read.faults };
}

function describeTask({ PROCESSING_TASK }: JsonObject): Pick<MmarCard, 'task'> {
  const task = TASKS.find((known) => known === PROCESSING_TASK);
  return task === undefined ? {} : { task };
}

function describeNetwork({ train }: JsonObject): Pick<MmarCard, 'network'> {
  if (!isJsonObject(train)) return {};
  const models: readonly (Json | undefined)[] = Array.isArray(train.model) ? train.model : [train.model];
  const model = models
    .filter((node) => node !== undefined && isJsonObject(node))
    .find((node) => node.disabled !== true);
  const name = model?.name ?? model?.path;
  return typeof name === 'string' ? { network: name } : {};
}

function describeData({ json, environment, faults }: OpenDataList): MmarCard['data'] {
  if (faults.length > 0) return undefined;
  const count = (key: Json | undefined, usual: string): number => {
    const cases = casesOf(json, typeof key === 'string' ? key : usual, 'the data list');
    return cases.ok ? cases.value.length : 0;
  };
  return {
    ...(typeof json.name === 'string' ? { name: json.name } : {}),
    training: count(environment.TRAIN_DATALIST_KEY, 'training'),
    validation: count(environment.VAL_DATALIST_KEY, 'validation'),
  };
}

async function readTrust(folder: string, { trustOf }: CardParts): Promise<TrustState> {
  const files = await readdir(join(folder, 'custom'), { recursive: true }).catch(() => []);
  return files.some((file) => CODE.test(file)) ? trustOf(folder) : 'needless';
}
