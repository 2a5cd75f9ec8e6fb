import type { Command } from 'commander';
import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { unwrap } from '../../../common/fault.ts';
import { parseSetArguments, type SetArguments } from '../../../common/mmar/set-arguments.ts';
import { checkMmar, type CheckOptions, type CheckReport } from '../../mmar/check/check-mmar.ts';
import { deviceProbe } from '../../node/device-probe.ts';
import { countOf } from '../format.ts';
import { EXIT, type ExitCode, type SetExitCode } from '../exit-code.ts';
import { locateMmar } from '../locate-mmar.ts';
import { noteFaults, type Output } from '../output.ts';
import { allowedHere } from './write-to.ts';

interface CheckCommandOptions {
  readonly config?: string;
  readonly env: string;
  readonly automlconf?: string;
  readonly set?: string[];
  readonly json?: boolean;
}

/** `outerloop mmar check`: every fault, each with file, JSON path and what is allowed. */
export function addCheckCommand(mmar: Command, output: Output, setExitCode: SetExitCode): void {
  mmar
    .command('check')
    .description('list everything that would keep an MMAR from being searched or trained')
    .argument('<folder>', 'the MMAR')
    .option(
      '-c, --config <file>',
      'train config (default: the one that is searched, or config/config_train.json)',
    )
    .option('-e, --env <file>', 'environment', 'config/environment.json')
    .option('--automlconf <file>', 'file in config/ (default: config_automl.json where there is one)')
    .option('--set <settings...>', 'as for automl: workers=0:0')
    .option('--json', 'print {faults, warnings} as JSON')
    .action(async (folder: string, options: CheckCommandOptions) => {
      const mmarRoot = await locateMmar(folder);
      const report = await checkMmar(mmarRoot, await makeCheckOptions(mmarRoot, options));
      setExitCode(reportCheck(report, options.json === true, output));
    });
}

async function makeCheckOptions(mmarRoot: string, options: CheckCommandOptions): Promise<CheckOptions> {
  const automl = `config/${options.automlconf ?? 'config_automl.json'}`;
  const isSearched = options.automlconf !== undefined || existsSync(resolve(mmarRoot, automl));
  const overrides = unwrap(parseSetArguments(options.set ?? []));
  const allowed = await allowedHere(mmarRoot);
  return {
    environment: options.env,
    overrides,
    devices: await deviceProbe.listGpus(),
    // What a training is told by --set is the user's own decision; a search does not hand it on.
    writeTo: isSearched ? allowed : [...allowed, ...foldersIn(overrides, mmarRoot)],
    ...(options.config === undefined ? {} : { trainConfig: options.config }),
    ...(isSearched ? { automlConfig: automl } : {}),
  };
}

/** What of the settings may be a folder outside the MMAR, absolute: the trainer takes it the same way. */
function foldersIn({ values }: SetArguments, mmarRoot: string): readonly string[] {
  const paths = Object.values(values).filter((value) => typeof value === 'string');
  return paths
    .filter((path) => isAbsolute(path) || /^\.\.[\\/]/.test(path))
    .map((path) => resolve(mmarRoot, path));
}

function reportCheck({ faults, warnings }: CheckReport, wantsJson: boolean, output: Output): ExitCode {
  if (wantsJson) output.line(JSON.stringify({ faults, warnings }, null, 2));
  else {
    noteFaults(output, warnings, 'warning');
    noteFaults(output, faults);
    if (faults.length === 0)
      output.line(
        `Nothing is wrong${warnings.length > 0 ? `, ${countOf(warnings.length, 'warning')}` : ''}.`,
      );
  }
  return faults.length === 0 ? EXIT.ok : EXIT.failed;
}
