import type { Command } from 'commander';
import { stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { FaultError } from '../../../common/fault.ts';
import { packMmar, type PackedMmar } from '../../mmar/archive/pack.ts';
import { planPack } from '../../mmar/archive/plan-pack.ts';
import { unpackMmar } from '../../mmar/archive/unpack.ts';
import { stampVersion } from '../../mmar/archive/versions.ts';
import { copyMmar } from '../../mmar/copy-mmar.ts';
import { describeFinding } from '../../mmar/identifying/find-identifying.ts';
import { listUserCode } from '../../mmar/trust/list-user-code.ts';
import { countOf } from '../format.ts';
import { EXIT, type ExitCode, type SetExitCode } from '../exit-code.ts';
import { locateMmar } from '../locate-mmar.ts';
import { noteFaults, type Output } from '../output.ts';

/** `outerloop mmar pack | unpack | copy`. */
export function addArchiveCommands(mmar: Command, output: Output, setExitCode: SetExitCode): void {
  addPack(mmar, output, setExitCode);
  addUnpack(mmar, output);
  addCopy(mmar, output);
}

interface PackOptions {
  readonly note?: string;
  readonly stamp: boolean;
  readonly models: boolean;
  readonly runs?: boolean;
  readonly images?: boolean;
  readonly acceptFindings?: boolean;
}

function addPack(mmar: Command, output: Output, setExitCode: SetExitCode): void {
  mmar
    .command('pack')
    .description('pack an MMAR into one file, without runs, data and paths to data')
    .argument('<folder>', 'the MMAR')
    .argument('<file>', 'the archive to be, NAME.mmar')
    .option('--note <text>', 'what is new in this version')
    .option('--no-stamp', 'give the content no version number')
    .option('--no-models', 'leave models/ out')
    .option('--runs', 'with the runs of its searches')
    .option('--images', 'with medical images that are no cases of the data list, such as an atlas')
    .option('--accept-findings', 'pack although something looks as if it identified a person')
    .action(async (folder: string, file: string, options: PackOptions) =>
      setExitCode(await pack(await locateMmar(folder), resolve(file), options, output)),
    );
}

async function pack(mmarRoot: string, file: string, options: PackOptions, output: Output): Promise<ExitCode> {
  if (!/\.mmar$/i.test(file))
    throw new FaultError({
      code: 'usage',
      argument: 'file',
      message: 'The name of a packed MMAR has another ending.',
      allowed: 'NAME.mmar',
    });
  const folder = await stat(dirname(file)).catch(() => undefined);
  if (folder?.isDirectory() !== true)
    throw new FaultError({
      code: 'file-missing',
      file: dirname(file),
      message: 'There is no such folder to pack into.',
    });
  const choice = {
    withModels: options.models,
    withRuns: options.runs === true,
    ...(options.images === true && { images: 'all' as const }),
  };
  const { findings } = await planPack(mmarRoot, choice);
  const isAccepted = options.acceptFindings === true;
  noteFaults(output, findings.map(describeFinding), isAccepted ? 'warning' : 'error');
  if (findings.length > 0 && !isAccepted) {
    output.note('Nothing was packed. Mend these places; or read each of them and say --accept-findings.');
    return EXIT.failed;
  }
  const { note } = options;
  if (options.stamp)
    await stampVersion(mmarRoot, { at: new Date().toISOString(), ...(note === undefined ? {} : { note }) });
  const packed = await packMmar({ mmarRoot, file, ...choice, acceptFindings: isAccepted });
  for (const line of describePacked(packed)) output.line(line);
  return EXIT.ok;
}

function describePacked({
  file,
  files,
  packedBytes,
  version,
  digest,
  packedTexts,
  imagesLeft,
  logsLeft,
  unchecked,
}: PackedMmar): string[] {
  const size = `${(packedBytes / 2 ** 20).toFixed(1)} MiB`;
  const replaced = [...new Set([...packedTexts.values()].flatMap((text) => text.replaced))];
  return [
    `Packed ${countOf(files.length, 'file')} into ${file}, ${size}${version === undefined ? '' : `, version ${version}`}.`,
    `Content: SHA-256 ${digest}`,
    ...(replaced.length === 0
      ? []
      : [`Left here: the paths of ${replaced.join(' and ')}. Who unpacks it sets them anew.`]),
    ...(logsLeft === 0
      ? []
      : [`Left here: ${countOf(logsLeft, 'log')}, with the names of folders of this machine.`]),
    ...(imagesLeft.length === 0
      ? []
      : [
          `Left here: ${countOf(imagesLeft.length, 'image')}, ${nameSome(imagesLeft)}. Where they show no patient and belong to the MMAR, say --images.`,
        ]),
    ...(unchecked.length === 0
      ? []
      : [`Not looked into for patients' names, since it is no text: ${nameSome(unchecked)}.`]),
  ];
}

const MOST_NAMED = 4;

function nameSome(files: readonly string[]): string {
  const rest = files.length - MOST_NAMED;
  return rest > 1 ? `${files.slice(0, MOST_NAMED).join(', ')} and ${rest} more` : files.join(', ');
}

function addUnpack(mmar: Command, output: Output): void {
  mmar
    .command('unpack')
    .description('unpack an .mmar file, or a zip archive of an MMAR')
    .argument('<file>', 'the archive')
    .argument('<folder>', 'the MMAR to be; must be new or empty')
    .action(async (file: string, folder: string) => {
      const mmarRoot = resolve(folder);
      const { files, manifest } = await unpackMmar({ file: resolve(file), folder: mmarRoot });
      const version =
        manifest?.version === undefined ? '' : `, version ${manifest.version} of ${manifest.name}`;
      output.line(`Unpacked ${countOf(files.length, 'file')} into ${mmarRoot}${version}.`);
      output.line(
        manifest === undefined
          ? 'The archive has no manifest: nothing says whether it is as it was packed.'
          : 'All files are those of the manifest.',
      );
      const code = await listUserCode(mmarRoot);
      if (code.length > 0)
        output.line(
          `It brings code of its own, which does not run until you trust it: ${code.map(({ path }) => path).join(', ')}.`,
        );
      output.line('Set DATA_ROOT and DATASET_JSON in config/environment.json to your data.');
    });
}

interface CopyOptions {
  readonly models: boolean;
  readonly runs?: boolean;
}

function addCopy(mmar: Command, output: Output): void {
  mmar
    .command('copy')
    .description('make a second MMAR of one, with the same data')
    .argument('<from>', 'the MMAR')
    .argument('<to>', 'the MMAR to be; must be new or empty')
    .option('--no-models', 'leave models/ out')
    .option('--runs', 'with the runs of its searches')
    .action(async (from: string, to: string, { models, runs = false }: CopyOptions) => {
      const request = { from: await locateMmar(from), to: resolve(to), withModels: models, withRuns: runs };
      const count = await copyMmar(request);
      output.line(`Copied ${countOf(count, 'file')} into ${request.to}.`);
    });
}
