import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { FaultError, unwrap, type Fault } from '../../common/fault.ts';
import type { JsonObject } from '../../common/json.ts';
import { findPatients, type PatientRule } from '../../common/mmar/patient-rule.ts';
import { splitCases, type CaseSplit } from '../../common/mmar/split-cases.ts';
import { withFileFaults } from '../node/file-fault.ts';
import { writeAtomic } from '../node/write-atomic.ts';
import { compareSizes, findPlaces, pairCases } from './find-cases.ts';
import type { PairedCase } from './pair-files.ts';
import { surveyLabels, type LabelSurvey } from './survey-labels.ts';

export interface DataListRequest {
  /** Absolute path of the data root: paths of the list start here. */
  readonly folder: string;
  /** Folder of the images, relative to the data root; images, imagesTr or the root itself when left out. */
  readonly images?: string;
  /** Folder of the labels, relative to the data root; labels, labelsTr or the folder of the images when left out. */
  readonly labels?: string;
  /** Share of the cases for validation, between 0 and 1; 0.2 when left out. */
  readonly validation?: number;
  /** Share of the cases for a test that no search sees; 0 when left out. */
  readonly test?: number;
  /** The same seed gives the same split; 0 when left out. */
  readonly seed?: number;
  /** Cases of one patient stay together; each case by itself when left out. */
  readonly patients?: PatientRule;
  /** Name of the data set; that of the folder when left out. */
  readonly name?: string;
  /** Absolute path of the list to be; dataset.json in the data root when left out. */
  readonly file?: string;
  /** Replace a list that is there. */
  readonly replace?: boolean;
}

/** What was made. */
export interface MadeDataList {
  /** Absolute path. */
  readonly file: string;
  readonly list: JsonObject;
  readonly counts: { readonly training: number; readonly validation: number; readonly test: number };
  /** With the background. */
  readonly classes: number;
  readonly warnings: readonly Fault[];
}

/**
 * Makes a data list, and its split, of a folder of images and labels: pairs them by name, compares their sizes, looks which
 * classes there are, and draws which cases are for training and validation. The list records the seed and the shares.
 *
 * @throws FaultError with everything that is wrong: unpaired files, other sizes, unreadable images, labels without classes
 */
export async function makeDataList(request: DataListRequest): Promise<MadeDataList> {
  const { folder, validation = 0.2, test = 0, seed = 0, name = basename(folder), patients } = request;
  const file = request.file ?? join(folder, 'dataset.json');
  refuseShares(validation, test);
  if (request.replace !== true) await refuseList(file);
  const places = await findPlaces(folder, request);
  const cases = await pairCases(folder, places);
  const patientOf = patients === undefined ? undefined : readPatients(cases, patients);
  await compareSizes(folder, cases);
  const survey = await surveyLabels(
    folder,
    cases.map(({ label }) => label),
  );
  refuseClasses(survey);
  const classes = Math.max(...survey.classes) + 1;
  const split = splitCases(cases, { validation, test }, seed, patientOf);
  const list: JsonObject = {
    name,
    tensorImageSize: '3D',
    labels: Object.fromEntries(
      Array.from({ length: classes }, (_, index) => [
        String(index),
        index === 0 ? 'background' : `class ${index}`,
      ]),
    ),
    split: { seed, validation, test, ...(patients === undefined ? {} : { patients }), ...places },
    ...describeSplit(split),
  };
  await withFileFaults(basename(file), () => writeAtomic(file, `${JSON.stringify(list, undefined, 2)}\n`));
  const counts = {
    training: split.training.length,
    validation: split.validation.length,
    test: split.test.length,
  };
  return { file, list, counts, classes, warnings: describeWarnings(survey, split, validation) };
}

function readPatients(cases: readonly PairedCase[], rule: PatientRule): (item: PairedCase) => string {
  const patients = unwrap(
    findPatients(
      cases.map(({ images }) => ({ image: images, fields: {} })),
      rule,
    ),
  );
  const patientOf = new Map(cases.map((item, index) => [item, patients[index]!]));
  return (item) => patientOf.get(item)!;
}

function refuseClasses({ classes }: LabelSurvey): void {
  if (classes.some((value) => value > 0)) return;
  throw new FaultError({
    code: 'label-empty',
    message: 'No label holds anything but background.',
    allowed: 'labels with class numbers from 1',
  });
}

/** @throws FaultError `usage` for shares that leave nothing to train on */
export function refuseShares(validation: number, test: number): void {
  const isShare = (share: number): boolean => share >= 0 && share < 1;
  if (isShare(validation) && isShare(test) && validation + test < 1) return;
  throw new FaultError({
    code: 'usage',
    argument: 'validation',
    message: `The shares ${validation} for validation and ${test} for test leave nothing to train on.`,
    allowed: 'shares from 0 to less than 1, together less than 1',
  });
}

/** @throws FaultError `already-exists` */
export async function refuseList(file: string): Promise<void> {
  const isThere = await stat(file).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  throw new FaultError({
    code: 'already-exists',
    file: basename(file),
    message: 'There is a data list of this name already.',
    allowed: 'another name, or to replace it',
  });
}

function describeSplit({ training, validation, test }: CaseSplit<PairedCase>): JsonObject {
  const describe = ({ images, label }: PairedCase): JsonObject => ({
    image: images.length === 1 ? images[0]! : [...images],
    label,
  });
  return {
    numTraining: training.length,
    training: training.map(describe),
    validation: validation.map(describe),
    ...(test.length === 0 ? {} : { test: test.map(describe) }),
  };
}

function describeWarnings(
  { classes, empty }: LabelSurvey,
  { validation }: CaseSplit<PairedCase>,
  share: number,
): readonly Fault[] {
  const missing = Array.from({ length: Math.max(...classes) }, (_, index) => index + 1).filter(
    (value) => !classes.includes(value),
  );
  return [
    ...empty.map((file): Fault => ({
      code: 'label-empty',
      file,
      message: 'The label holds background alone.',
    })),
    ...missing.map((value): Fault => ({ code: 'label-values', message: `No label holds class ${value}.` })),
    ...(validation.length > 0 || share === 0
      ? []
      : [
          {
            code: 'data-list-empty' as const,
            message: 'There are too few cases, or patients, for a validation.',
          },
        ]),
  ];
}
