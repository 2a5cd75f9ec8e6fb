import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { DataSource, DataSurvey } from '../../common/api/library.ts';
import { FaultError, unwrap } from '../../common/fault.ts';
import { casesOf, dataListKeys, type DataListCase } from '../../common/mmar/data-list.ts';
import { parseJsonObject } from '../../common/mmar/parse-json.ts';
import { splitCases } from '../../common/mmar/split-cases.ts';
import { findPlaces, pairCases } from '../mmar/find-cases.ts';
import { withFileFaults } from '../node/file-fault.ts';

const SAMPLE_CASES = 5;
const USES = { training: ['training'], validation: ['validation'], test: ['test', 'testing'] } as const;

/** What is in a source of data, before an MMAR is made from it. */
export async function surveySource(source: DataSource): Promise<DataSurvey> {
  if (source.kind === 'none') return noCases;
  if (source.kind === 'list') return surveyList(source.file);
  return surveyFolders(source);
}

const noCases = { training: 0, validation: 0, test: 0, sample: [] };

async function surveyList(file: string): Promise<DataSurvey> {
  const name = basename(file);
  const text = await withFileFaults(name, () => readFile(file, 'utf8'));
  const list = unwrap(parseJsonObject(text, name));
  const keys = dataListKeys(list);
  if (keys.length === 0)
    throw new FaultError({
      code: 'data-list',
      file: name,
      message: 'The file lists no images.',
      allowed: '{"training": [{"image": ..., "label": ...}], "validation": [...]}',
    });
  const casesIn = (use: keyof typeof USES): readonly DataListCase[] =>
    USES[use].filter((key) => keys.includes(key)).flatMap((key) => unwrap(casesOf(list, key, name)));
  const training = casesIn('training');
  return {
    training: training.length,
    validation: casesIn('validation').length,
    test: casesIn('test').length,
    sample: training.slice(0, SAMPLE_CASES).map(({ image, label }) => ({
      image: image[0] ?? '',
      label: label[0] ?? '',
    })),
  };
}

async function surveyFolders(source: DataSource & { readonly kind: 'folders' }): Promise<DataSurvey> {
  const places = await findPlaces(source.folder, source);
  const cases = await pairCases(source.folder, places);
  const split = splitCases(cases, { validation: source.validation, test: 0 }, source.seed);
  return {
    training: split.training.length,
    validation: split.validation.length,
    test: 0,
    sample: split.training
      .slice(0, SAMPLE_CASES)
      .map(({ images, label }) => ({ image: images[0] ?? '', label })),
  };
}
