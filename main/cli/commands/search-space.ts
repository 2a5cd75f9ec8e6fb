import type { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FaultError, unwrap } from '../../../common/fault.ts';
import { isJsonObject } from '../../../common/json.ts';
import { findComponent } from '../../../common/components/catalogue.ts';
import { parseJsonText } from '../../../common/mmar/parse-json.ts';
import {
  describeSearchSpace,
  formatCombinations,
  type SearchSpaceDescription,
} from '../../../common/search-space/describe-search-space.ts';
import { readSearchSpace } from '../../../common/search-space/read-search-space.ts';
import { formatTable } from '../format.ts';
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
      const description = await readDescription(resolve(mmar), config, strict === true);
      if (json === true) output.line(JSON.stringify(description, null, 2));
      else for (const line of formatDescription(description)) output.line(line);
    });
}

async function readDescription(
  mmarRoot: string,
  file: string,
  strict: boolean,
): Promise<SearchSpaceDescription> {
  let text: string;
  try {
    text = await readFile(resolve(mmarRoot, file), 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error';
    throw new FaultError({ code: 'file-missing', message: `the file cannot be read (${code})`, file });
  }
  const config = unwrap(parseJsonText(text, file));
  if (!isJsonObject(config))
    throw new FaultError({ code: 'schema', message: 'the file holds no JSON object', file });
  const knownArguments = (name: string): string[] | undefined => {
    const spec = findComponent(name);
    return spec === undefined ? undefined : Object.keys(spec.args.shape);
  };
  return describeSearchSpace(unwrap(readSearchSpace(config, { file, strict, knownArguments })));
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
