import type { Result } from '../../../common/fault.ts';
import type { JsonObject } from '../../../common/json.ts';
import {
  componentOf,
  type ResolvedTrainConfig,
  type SectionName,
} from '../../../common/mmar/resolved-config.ts';
import { checkForeground } from './check-foreground.ts';
import { checkLabels, type ReadValues } from './check-labels.ts';
import { checkSizes } from './check-sizes.ts';
import { noFindings, type Findings } from './check-validation.ts';
import { dataSetUseOf, type DataSetUse } from './data-set-use.ts';
import { probeImage, readValueFacts } from './probe-image.ts';
import { readList, surveyCases, type CaseSurvey, type Probe } from './read-cases.ts';

/** Reads lists and images of an MMAR, each once however many configs are checked. */
export interface DataReader {
  readList(use: DataSetUse): Promise<Result<JsonObject>>;
  survey(list: JsonObject, use: DataSetUse): Promise<CaseSurvey>;
  readonly readValues: ReadValues;
}

export function createDataReader(mmarRoot: string): DataReader {
  const probe: Probe = remember(probeImage, (file) => file);
  return {
    readList: remember(
      (use) => readList(use, mmarRoot),
      ({ listFile }) => listFile,
    ),
    survey: remember(
      (list, use) => surveyCases(list, use, probe),
      (_, use) => JSON.stringify([use.listFile, use.dataRoot, use.listKey, use.imageKeys]),
    ),
    readValues: remember(readValueFacts, (file) => file),
  };
}

function remember<Args extends readonly unknown[], Value>(
  compute: (...args: Args) => Promise<Value>,
  keyOf: (...args: Args) => string,
): (...args: Args) => Promise<Value> {
  const known = new Map<string, Promise<Value>>();
  return (...args) => {
    const key = keyOf(...args);
    const value = known.get(key) ?? compute(...args);
    known.set(key, value);
    return value;
  };
}

/** What the data of a config came to. */
export interface DataCheck extends Findings {
  /** Batches of the training data; undefined where that is not known. */
  readonly iterationsPerEpoch?: number;
}

const SECTIONS: readonly SectionName[] = ['train', 'validate'];

/** Checks the data that a config uses: lists, images, sizes on the way to the network, and the values of labels. */
export async function checkData(
  config: ResolvedTrainConfig,
  mmarRoot: string,
  reader: DataReader,
): Promise<DataCheck> {
  const findings = noFindings();
  let iterationsPerEpoch: number | undefined;
  for (const section of SECTIONS) {
    const use = dataSetUseOf(config, section, mmarRoot);
    if (use === undefined) continue;
    if (!use.ok) findings.faults.push(...use.faults);
    else {
      const count = await checkDataSet(config, use.value, reader, findings);
      if (section === 'train' && count > 0) iterationsPerEpoch = countBatches(config, use.value, count);
    }
  }
  return { ...findings, ...(iterationsPerEpoch === undefined ? {} : { iterationsPerEpoch }) };
}

/** The number of cases; what is wrong goes to `findings`. */
async function checkDataSet(
  config: ResolvedTrainConfig,
  use: DataSetUse,
  reader: DataReader,
  findings: Findings,
): Promise<number> {
  const list = await reader.readList(use);
  if (!list.ok) {
    findings.faults.push(...list.faults);
    return 0;
  }
  const survey = await reader.survey(list.value, use);
  findings.warnings.push(...survey.warnings);
  findings.faults.push(...survey.faults, ...checkSizes(config, use, survey.cases));
  const labels = await checkLabels(config, use, survey.cases, reader.readValues);
  const foreground = await checkForeground(config, use, survey.cases, reader.readValues);
  findings.faults.push(...labels.faults, ...foreground.faults);
  findings.warnings.push(...labels.warnings, ...foreground.warnings);
  return survey.count;
}

function countBatches({ train }: ResolvedTrainConfig, { batchSize }: DataSetUse, count: number): number {
  const dropsLast = componentOf(train, 'dataloader')?.args.drop_last === true;
  return dropsLast ? Math.floor(count / batchSize) : Math.ceil(count / batchSize);
}
