import { resolve } from 'node:path';
import type { Fault, Result } from '../../../common/fault.ts';
import type { JsonObject } from '../../../common/json.ts';
import { readEnvironment } from '../../../common/mmar/environment.ts';
import { parseJsonObject } from '../../../common/mmar/parse-json.ts';
import type { SetArguments } from '../../../common/mmar/set-arguments.ts';
import type { JoinPath } from '../../../common/mmar/variables.ts';
import { readSearchSpace } from '../../../common/search-space/read-search-space.ts';
import type { Device } from '../../ports/devices.ts';
import { checkAutomlConfig, trainConfigOf, trainsHere } from './check-automl-config.ts';
import { checkData, createDataReader, type DataReader } from './check-data.ts';
import { checkEvaluationConfigs } from './check-evaluation-configs.ts';
import { checkSpace, checkWorkers, checkWritable } from './check-machine.ts';
import { checkMemory } from './check-memory.ts';
import { checkPretrained } from './check-pretrained.ts';
import { checkSiteTraining, siteCommandOf, weaken } from './check-site-training.ts';
import { checkTrainConfig } from './check-train-config.ts';
import { checkValidation, noFindings, type CheckPurpose, type Findings } from './check-validation.ts';
import { checkSearchPlaces, checkTrainingPlaces } from './check-write-places.ts';
import { concreteConfigs, type ConcreteConfig } from './concrete-configs.ts';
import { findOverridden } from '../../../common/search-space/find-overridden.ts';
import { nameInMmar, readMmarText } from './mmar-place.ts';

export interface CheckOptions {
  /** Relative to the MMAR. Default: what `automlConfig` names, else config/config_train.json. */
  readonly trainConfig?: string;
  /** Relative to the MMAR. Default: config/environment.json. */
  readonly environment?: string;
  /** What `--set` said: to the training, or, with `automlConfig`, to the search. */
  readonly overrides?: SetArguments;
  /** Relative to the MMAR. When given, the MMAR is checked for a search: every choice of the search section is tried. */
  readonly automlConfig?: string;
  /** This machine's GPUs: given, `workers` of `overrides` is checked against them. */
  readonly devices?: readonly Device[];
  /** Absolute path of the folder that the training or the run will write to. Default: the MMAR's models/ or automl/. */
  readonly outputFolder?: string;
  /**
   * Folders outside the MMAR, absolute, that its configs may write into: given, other ones that they name are faults. A search
   * or a training that starts refuses them by itself.
   */
  readonly writeTo?: readonly string[];
}

/** Everything that is wrong with an MMAR. It can be trained, or searched, when there are no faults. */
export interface CheckReport {
  readonly faults: readonly Fault[];
  readonly warnings: readonly Fault[];
}

/** A place to check in, with everything that its configs are resolved by. */
interface Place {
  readonly mmarRoot: string;
  readonly environment: JsonObject;
  readonly joinPath: JoinPath;
}

const NO_OVERRIDES: SetArguments = { values: {}, texts: {} };

/**
 * Checks everything about an MMAR that can be checked without training: its files, configs, search section, user
 * code, data list, images, sizes and labels, and the machine it is to run on. Nothing is changed, and no user code is
 * run.
 *
 * All findings are collected; each names file, JSON path, component, argument and what is allowed, as far as there is
 * one.
 *
 * @param mmarRoot absolute path
 */
export async function checkMmar(mmarRoot: string, options: CheckOptions = {}): Promise<CheckReport> {
  const { environment = 'config/environment.json', overrides = NO_OVERRIDES, automlConfig } = options;
  const findings = noFindings();
  const place: Place = {
    mmarRoot,
    environment: await readEnvironmentFile(mmarRoot, environment, findings),
    joinPath: resolve,
  };
  let trainConfig = options.trainConfig ?? 'config/config_train.json';
  let isOwnTrainer = true;
  let command: string | undefined;
  if (automlConfig !== undefined) {
    const automl = await checkAutomlConfig({
      ...place,
      file: nameInMmar(mmarRoot, automlConfig),
      overrides: overrides.values,
    });
    findings.faults.push(...automl.faults);
    if (automl.config.ok) {
      const { writeTo } = options;
      if (writeTo !== undefined)
        findings.faults.push(...(await checkSearchPlaces(automl.config.value, { mmarRoot, writeTo })));
      trainConfig = options.trainConfig ?? trainConfigOf(automl.config.value);
      isOwnTrainer = trainsHere(automl.config.value);
      command = siteCommandOf(automl.config.value);
    }
  }
  if (isOwnTrainer) {
    await checkTraining(trainConfig, place, options, findings);
    findings.warnings.push(...(await checkEvaluationConfigs({ ...place, overrides: overrides.values })));
  } else {
    findings.faults.push(...(await checkForeignTraining(trainConfig, place)));
    if (command !== undefined) await checkCommand(command, trainConfig, place, options, findings);
  }
  await checkMachine(mmarRoot, options, findings);
  return findings;
}

async function readEnvironmentFile(mmarRoot: string, file: string, findings: Findings): Promise<JsonObject> {
  const name = nameInMmar(mmarRoot, file);
  const text = await readMmarText(mmarRoot, file);
  const read = text.ok ? readEnvironment(text.value, name) : text;
  if (read.ok) return read.value;
  // An MMAR may do without: the variables that it lacks then are reported where they are used.
  const isMissing = read.faults.some(({ code }) => code === 'file-missing');
  (isMissing ? findings.warnings : findings.faults).push(...read.faults);
  // Variables of the wrong form are still there: their absence would be reported a second time.
  const json = await readJson(file, mmarRoot);
  return json.ok ? json.value : {};
}

async function readJson(file: string, mmarRoot: string): Promise<Result<JsonObject>> {
  const text = await readMmarText(mmarRoot, file);
  return text.ok ? parseJsonObject(text.value, nameInMmar(mmarRoot, file)) : text;
}

/** A site's own trainer may know components and dialects that this program does not: only the search is checked. */
async function checkForeignTraining(
  trainConfig: string,
  { mmarRoot, environment }: Place,
): Promise<readonly Fault[]> {
  const file = nameInMmar(mmarRoot, trainConfig);
  const json = await readJson(trainConfig, mmarRoot);
  const space = json.ok ? readSearchSpace(json.value, { file, variables: environment }) : json;
  return space.ok ? findOverridden(space.value, environment, file) : space.faults;
}

/** As much as can be known of a training by a site's command. */
async function checkCommand(
  command: string,
  trainConfig: string,
  place: Place,
  options: CheckOptions,
  { faults, warnings }: Findings,
): Promise<void> {
  const { mmarRoot, environment } = place;
  const automlFile = nameInMmar(mmarRoot, options.automlConfig!);
  const site = await checkSiteTraining(mmarRoot, command, environment, automlFile);
  faults.push(...site.faults);
  warnings.push(...site.warnings);
  if (!site.callsOwnTrainer || faults.length > 0) return;
  const own = noFindings();
  await checkTraining(trainConfig, place, options, own);
  warnings.push(...own.warnings, ...own.faults.map((fault) => weaken(fault, command)));
}

async function checkTraining(
  trainConfig: string,
  place: Place,
  options: CheckOptions,
  findings: Findings,
): Promise<void> {
  const { overrides = NO_OVERRIDES, automlConfig } = options;
  const file = nameInMmar(place.mmarRoot, trainConfig);
  const json = await readJson(trainConfig, place.mmarRoot);
  if (!json.ok) {
    findings.faults.push(...json.faults);
    return;
  }
  const reader = createDataReader(place.mmarRoot);
  const jobs: JobFindings = { faults: new Map(), warnings: new Map() };
  if (automlConfig === undefined) {
    const source = { ...place, file, overrides: overrides.values };
    await checkJob({ config: json.value }, source, 'train', reader, jobs, options);
  } else {
    // The settings of a search are not handed on to its jobs.
    const { configs, faults } = concreteConfigs(json.value, file, place.environment);
    findings.faults.push(...faults);
    for (const job of configs) await checkJob(job, { ...place, file }, 'search', reader, jobs, options);
  }
  findings.faults.push(...jobs.faults.values());
  findings.warnings.push(...jobs.warnings.values());
}

type JobSource = Omit<Parameters<typeof checkTrainConfig>[0], 'config'>;

/** What the configs so far had, each finding once, by the finding itself. */
interface JobFindings {
  readonly faults: Map<string, Fault>;
  readonly warnings: Map<string, Fault>;
}

/** Checks one config that is to be trained. */
async function checkJob(
  job: ConcreteConfig,
  source: JobSource,
  purpose: CheckPurpose,
  reader: DataReader,
  jobs: JobFindings,
  { devices = [], writeTo }: Pick<CheckOptions, 'devices' | 'writeTo'>,
): Promise<void> {
  const { faults, warnings, resolved } = checkTrainConfig({ ...source, config: job.config });
  const found: Findings = { faults: [...faults], warnings: [...warnings] };
  if (resolved !== undefined) {
    const data = await checkData(resolved, source.mmarRoot, reader);
    const validation = checkValidation(resolved, purpose, data.iterationsPerEpoch);
    found.faults.push(...data.faults, ...validation.faults, ...checkPretrained(resolved, source.mmarRoot));
    if (writeTo !== undefined)
      found.faults.push(...(await checkTrainingPlaces(resolved, { mmarRoot: source.mmarRoot, writeTo })));
    found.warnings.push(...data.warnings, ...validation.warnings, ...checkMemory(resolved, devices));
  }
  addNew(found.faults, jobs.faults, job.choice);
  addNew(found.warnings, jobs.warnings, job.choice);
}

/** Adds what no config before had, together with the choice that brings it. */
function addNew(found: readonly Fault[], known: Map<string, Fault>, choice: string | undefined): void {
  for (const fault of found) {
    const key = JSON.stringify(fault);
    if (known.has(key)) continue;
    known.set(
      key,
      choice === undefined ? fault : { ...fault, message: `${fault.message} This is so with ${choice}.` },
    );
  }
}

async function checkMachine(mmarRoot: string, options: CheckOptions, findings: Findings): Promise<void> {
  const { overrides = NO_OVERRIDES, automlConfig, devices } = options;
  const outputFolder =
    options.outputFolder ?? resolve(mmarRoot, automlConfig === undefined ? 'models' : 'automl');
  const name = nameInMmar(mmarRoot, outputFolder);
  const workers = overrides.texts.workers;
  if (devices !== undefined && workers !== undefined) findings.faults.push(...checkWorkers(workers, devices));
  const unwritable = await checkWritable(outputFolder, name);
  if (unwritable !== undefined) findings.faults.push(unwritable);
  const little = await checkSpace(outputFolder, name);
  if (little !== undefined) findings.warnings.push(little);
}
