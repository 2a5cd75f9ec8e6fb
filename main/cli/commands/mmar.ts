import type { Command } from 'commander';
import { dirname, resolve } from 'node:path';
import { unwrap } from '../../../common/fault.ts';
import { parseSetArguments } from '../../../common/mmar/set-arguments.ts';
import { newMmar, type NewMmar } from '../../mmar/new-mmar.ts';
import { listTemplates } from '../../mmar/template.ts';
import { countOf } from '../format.ts';
import type { Output } from '../output.ts';
import type { SetExitCode } from '../exit-code.ts';
import { addArchiveCommands } from './archive.ts';
import { addCheckCommand } from './check.ts';
import { addDataListCommand } from './datalist.ts';
import { addTrustCommand } from './trust.ts';
import { addVersionsCommand } from './versions.ts';
import { addWriteToCommand } from './write-to.ts';

/** `outerloop mmar new | check | templates | datalist | copy | pack | unpack | trust`. */
export function addMmarCommands(program: Command, output: Output, setExitCode: SetExitCode): void {
  const mmar = program.command('mmar').description('make, check, copy, pack and trust MMARs');
  addNew(mmar, output);
  addCheckCommand(mmar, output, setExitCode);
  addTemplates(mmar, output);
  addDataListCommand(mmar, output);
  addArchiveCommands(mmar, output, setExitCode);
  addTrustCommand(mmar, output);
  addWriteToCommand(mmar, output);
  addVersionsCommand(mmar, output);
}

interface NewOptions {
  readonly dataRoot?: string;
  readonly datalist?: string;
  readonly set?: string[];
  readonly json?: boolean;
}

function addNew(mmar: Command, output: Output): void {
  mmar
    .command('new')
    .description('make an MMAR from a template and fit it to a data list')
    .argument('<template>', 'see "outerloop mmar templates"')
    .argument('<folder>', 'the MMAR to be; must be new or empty')
    .option('--data-root <folder>', "where the data list's paths start; its own folder when left out")
    .option('--datalist <file>', 'data list (JSON), in the data root or anywhere')
    .option('--set <settings...>', 'first-level values of config_train.json: epochs=50')
    .option('--json', 'print the result as JSON')
    .action(async (template: string, folder: string, options: NewOptions) => {
      const data = locateData(options);
      const settings = unwrap(parseSetArguments(options.set ?? [])).values;
      const made = await newMmar({ template, folder: resolve(folder), ...data, settings });
      if (options.json === true)
        output.line(JSON.stringify({ folder: made.folder, environment: made.environment }));
      else for (const line of describeNewMmar(made)) output.line(line);
    });
}

/** The data list is looked for in the data root first, as a user names it beside its images. */
function locateData({ dataRoot, datalist }: NewOptions): { dataRoot?: string; datalist?: string } {
  if (datalist === undefined) return {};
  if (dataRoot === undefined) return { datalist: resolve(datalist), dataRoot: dirname(resolve(datalist)) };
  return { datalist: resolve(dataRoot, datalist), dataRoot: resolve(dataRoot) };
}

/** What was made, and how it was fitted. */
export function describeNewMmar({ folder, environment, survey }: NewMmar): string[] {
  const lines = [`Made ${folder}`];
  if (survey === undefined) {
    lines.push(
      'No data list was given: set DATA_ROOT, DATASET_JSON and OUTPUT_CHANNELS in config/environment.json.',
    );
    return lines;
  }
  const counts = Object.entries(survey.counts).map(([key, count]) => `${key} ${countOf(count, 'case')}`);
  lines.push(
    `Data:       ${counts.join(', ')}`,
    `Classes:    ${String(environment.OUTPUT_CHANNELS)} with the background`,
    `Voxels:     ${(environment.PIXDIM as number[]).join(' x ')} mm`,
    `Patch:      ${(environment.ROI_SIZE as number[]).join(' x ')} voxels`,
  );
  if (survey.counts.validation === undefined) {
    lines.push('The list has no key "validation": a search needs cases to measure on.');
  }
  return lines;
}

function addTemplates(mmar: Command, output: Output): void {
  mmar
    .command('templates')
    .description('list the templates')
    .action(async () => {
      for (const { name, title, summary, needs } of await listTemplates()) {
        output.line(`${name}: ${title}`);
        output.line(`  ${summary}`);
        output.line(`  Needs: ${needs}`);
      }
    });
}
