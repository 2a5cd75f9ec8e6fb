import type { Command } from 'commander';
import { resolve } from 'node:path';
import { findArgumentNames } from '../../../common/components/catalogue.ts';
import { unwrap } from '../../../common/fault.ts';
import { parseJsonObject } from '../../../common/mmar/parse-json.ts';
import { collectVariables } from '../../../common/mmar/variables.ts';
import {
  describeSearchSpace,
  formatCombinations,
  type SearchSpaceDescription,
} from '../../../common/search-space/describe-search-space.ts';
import { readSearchSpace } from '../../../common/search-space/read-search-space.ts';
import { readMmarEnvironment } from '../../automl/searched-mmar.ts';
import { nameInMmar, readMmarText } from '../../mmar/check/mmar-place.ts';
import { formatTable } from '../format.ts';
import { locateMmar } from '../locate-mmar.ts';
import type { Output } from '../output.ts';

interface SearchSpaceOptions {
  readonly mmar: string;
  readonly config: string;
  readonly json?: boolean;
  readonly strict?: boolean;
}

/** `outerloop search-space`: what a train config wants searched. */
export function addSearchSpaceCommand(program: Command, output: Output): void {
  program
    .command('search-space')
    .description('show what a train config wants searched')
    .requiredOption('-m, --mmar <folder>', 'the MMAR')
    .option('-c, --config <file>', 'train config, relative to the MMAR', 'config/config_train.json')
    .option('--strict', "Clara's own grammar only: refuse Outerloop's extensions")
    .option('--json', 'for programs; also what "outerloop controller" takes')
    .action(async ({ mmar, config, json, strict }: SearchSpaceOptions) => {
      const description = await readDescription(await locateMmar(mmar), config, strict === true);
      if (json === true) output.line(JSON.stringify(description, null, 2));
      else for (const line of formatDescription(description)) output.line(line);
    });
}

async function readDescription(
  mmarRoot: string,
  configFile: string,
  strict: boolean,
): Promise<SearchSpaceDescription> {
  const file = nameInMmar(mmarRoot, configFile);
  const config = unwrap(parseJsonObject(unwrap(await readMmarText(mmarRoot, configFile)), file));
  const environment = await readMmarEnvironment(mmarRoot);
  const variables = collectVariables({ config, environment, overrides: {}, mmarRoot, joinPath: resolve });
  const options = { file, strict, variables, knownArguments: findArgumentNames };
  return describeSearchSpace(unwrap(readSearchSpace(config, options)));
}

/** A table of the parameters and the size of the space. */
export function formatDescription({ parameters, combinations }: SearchSpaceDescription): string[] {
  const rows = parameters.map((parameter) => [
    parameter.prl,
    parameter.type,
    describeRange(parameter),
    parameter.currentValue === undefined ? '—' : JSON.stringify(parameter.currentValue),
    parameter.when === undefined ? 'always' : JSON.stringify(parameter.when),
  ]);
  return [
    ...formatTable(['parameter', 'type', 'values', 'now', 'active'], rows),
    '',
    formatCombinations(combinations),
  ];
}

function describeRange(parameter: SearchSpaceDescription['parameters'][number]): string {
  if ('choices' in parameter) return parameter.choices.map((choice) => JSON.stringify(choice)).join(' ');
  const step = parameter.type === 'int' && parameter.step !== 1 ? `, step ${parameter.step}` : '';
  return `${parameter.min} to ${parameter.max}${step}${parameter.log ? ', log' : ''}`;
}
