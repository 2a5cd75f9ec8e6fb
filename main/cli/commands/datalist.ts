import type { Command } from 'commander';
import { extname, resolve } from 'node:path';
import { FaultError } from '../../../common/fault.ts';
import type { PatientRule } from '../../../common/mmar/patient-rule.ts';
import { makeDataList } from '../../mmar/make-data-list.ts';
import { splitDataList } from '../../mmar/split-data-list.ts';
import { countOf } from '../format.ts';
import { noteFaults, type Output } from '../output.ts';
import { parseSeed } from '../parse-seed.ts';

interface DataListOptions {
  readonly images?: string;
  readonly labels?: string;
  readonly validation: string;
  readonly test: string;
  readonly seed: string;
  readonly patients?: string;
  readonly patientField?: string;
  readonly name?: string;
  readonly output?: string;
  readonly replace?: boolean;
}

/** `outerloop mmar datalist`: a data list and its split, from a folder of images and labels or from a list that is there. */
export function addDataListCommand(mmar: Command, output: Output): void {
  mmar
    .command('datalist')
    .description('make a data list, and its split, of a folder of images and labels; or split a list anew')
    .argument('<source>', 'the data root, or a data list (.json)')
    .option('--images <folder>', 'in the data root (default: images, imagesTr, or the root)')
    .option('--labels <folder>', 'in the data root (default: labels, labelsTr, or where the images are)')
    .option('--validation <share>', 'of the cases, for validation', '0.2')
    .option('--test <share>', 'of the cases, for a test that no search sees', '0')
    .option('--seed <number>', 'the same seed gives the same split', '0')
    .option(
      '--patients <pattern>',
      'a regular expression that finds the patient in the path of an image, such as "(sub-[0-9]+)": cases of one stay together',
    )
    .option('--patient-field <key>', 'the field of a case of the list that names its patient')
    .option('--name <text>', 'of the data set (default: that of the folder)')
    .option('--output <file>', 'the list to be (default: dataset.json in the data root; or the list itself)')
    .option('--replace', 'replace a list that is there')
    .action(async (source: string, options: DataListOptions) => {
      const lines =
        extname(source) === '.json'
          ? await splitList(source, options)
          : await makeList(source, options, output);
      for (const line of lines) output.line(line);
    });
}

async function makeList(
  folder: string,
  options: DataListOptions,
  output: Output,
): Promise<readonly string[]> {
  const { images, labels, name } = options;
  refuseOptions(
    options,
    ['patientField'],
    'a list that is there (.json): the cases of a folder have no fields',
  );
  const { file, counts, classes, warnings } = await makeDataList({
    ...readSplit(options),
    folder: resolve(folder),
    ...(images === undefined ? {} : { images }),
    ...(labels === undefined ? {} : { labels }),
    ...(name === undefined ? {} : { name }),
  });
  noteFaults(output, warnings, 'warning');
  return [
    `Made ${file}`,
    describeCounts(counts),
    `Classes:    ${classes} with the background; name them under "labels"`,
  ];
}

async function splitList(list: string, options: DataListOptions): Promise<readonly string[]> {
  refuseOptions(options, ['images', 'labels', 'name'], 'a folder: a list names its images itself');
  const { file, counts, patients } = await splitDataList({ ...readSplit(options), list: resolve(list) });
  const kept = patients === undefined ? [] : [`Patients:   ${patients}, each in one part`];
  return [`Split ${file}`, describeCounts(counts), ...kept];
}

function describeCounts({
  training,
  validation,
  test,
}: {
  readonly training: number;
  readonly validation: number;
  readonly test: number;
}): string {
  const parts = [`training ${countOf(training, 'case')}`, `validation ${countOf(validation, 'case')}`];
  return `Cases:      ${[...parts, ...(test > 0 ? [`test ${countOf(test, 'case')}`] : [])].join(', ')}`;
}

function readSplit({
  validation,
  test,
  seed,
  output: file,
  replace,
  patients,
  patientField,
}: DataListOptions) {
  const rule = readRule(patients, patientField);
  return {
    validation: parseShare('--validation', validation),
    test: parseShare('--test', test),
    seed: parseSeed(seed),
    ...(rule === undefined ? {} : { patients: rule }),
    ...(file === undefined ? {} : { file: resolve(file) }),
    ...(replace === undefined ? {} : { replace }),
  };
}

function readRule(pattern: string | undefined, field: string | undefined): PatientRule | undefined {
  if (pattern !== undefined && field !== undefined)
    throw new FaultError({
      code: 'usage',
      argument: '--patients',
      message: 'A patient is told by --patients or by --patient-field, not by both.',
      allowed: 'one of them',
    });
  if (pattern !== undefined) return { pattern };
  return field === undefined ? undefined : { field };
}

function refuseOptions(
  options: DataListOptions,
  names: readonly (keyof DataListOptions)[],
  allowed: string,
): void {
  const given = names.find((name) => options[name] !== undefined);
  if (given === undefined) return;
  const option = `--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new FaultError({
    code: 'usage',
    argument: option,
    message: `${option} does not go with this source.`,
    allowed: `it goes with ${allowed}`,
  });
}

function parseShare(argument: string, text: string): number {
  if (/^(0|0?\.\d+)$/.test(text)) return Number(text);
  throw new FaultError({
    code: 'usage',
    argument,
    message: `${argument} ${text} is no share.`,
    allowed: 'a number from 0 to less than 1, such as 0.2',
  });
}
