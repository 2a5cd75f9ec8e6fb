import type { Command } from 'commander';
import { resolve } from 'node:path';
import { FaultError } from '../../../common/fault.ts';
import { makeDataList, type MadeDataList } from '../../mmar/make-data-list.ts';
import { countOf } from '../format.ts';
import { noteFaults, type Output } from '../output.ts';
import { parseSeed } from '../parse-seed.ts';

interface DataListOptions {
  readonly images?: string;
  readonly labels?: string;
  readonly validation: string;
  readonly test: string;
  readonly seed: string;
  readonly name?: string;
  readonly output?: string;
  readonly replace?: boolean;
}

/** `outerloop mmar datalist`: a data list and its split, from a folder of images and labels. */
export function addDataListCommand(mmar: Command, output: Output): void {
  mmar
    .command('datalist')
    .description('make a data list, and its split, of a folder of images and labels')
    .argument('<folder>', 'the data root')
    .option('--images <folder>', 'in the data root (default: images, imagesTr, or the root)')
    .option('--labels <folder>', 'in the data root (default: labels, labelsTr, or where the images are)')
    .option('--validation <share>', 'of the cases, for validation', '0.2')
    .option('--test <share>', 'of the cases, for a test that no search sees', '0')
    .option('--seed <number>', 'the same seed gives the same split', '0')
    .option('--name <text>', 'of the data set (default: that of the folder)')
    .option('--output <file>', 'the list to be (default: dataset.json in the data root)')
    .option('--replace', 'replace a list that is there')
    .action(async (folder: string, options: DataListOptions) => {
      const { validation, test, seed, output: file, ...rest } = options;
      const made = await makeDataList({
        ...rest,
        folder: resolve(folder),
        validation: parseShare('--validation', validation),
        test: parseShare('--test', test),
        seed: parseSeed(seed),
        ...(file === undefined ? {} : { file: resolve(file) }),
      });
      noteFaults(output, made.warnings, 'warning');
      for (const line of describeDataList(made)) output.line(line);
    });
}

function describeDataList({ file, counts, classes }: MadeDataList): string[] {
  const { training, validation, test } = counts;
  const parts = [`training ${countOf(training, 'case')}`, `validation ${countOf(validation, 'case')}`];
  return [
    `Made ${file}`,
    `Cases:      ${[...parts, ...(test > 0 ? [`test ${countOf(test, 'case')}`] : [])].join(', ')}`,
    `Classes:    ${classes} with the background; name them under "labels"`,
  ];
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
