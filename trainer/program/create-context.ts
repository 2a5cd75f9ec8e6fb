import { componentsOf, type ComponentNode, type ConfigSection } from '../../common/mmar/resolved-config.ts';
import type { BuildContext } from '../build/build-context.ts';
import { buildDataParts } from '../build/build-data.ts';
import { Slots, type BuildableConfig } from '../build/slots.ts';
import type { EventWriters } from '../tensorboard/event-writers.ts';
import { openUserCode } from '../user-code/list-user-code.ts';
import { UserClasses } from '../user-code/user-classes.ts';
import type { ProgramOptions } from './arguments.ts';
import type { Host } from './host.ts';
import { requireOutputFolders } from './output-folders.ts';

/** What is built with, the same for a training and an evaluation. */
export async function createContext(
  config: BuildableConfig,
  options: ProgramOptions,
  host: Host,
  parts: Pick<BuildContext, 'seed' | 'modelFolder'> & {
    readonly eventWriters: EventWriters;
    readonly useGpu: boolean;
  },
): Promise<BuildContext> {
  const { files, reporter, signal, threads } = host;
  const { seed, modelFolder, eventWriters, useGpu } = parts;
  const slots = new Slots(config);
  const components = listComponents(config);
  requireOutputFolders(components, files, config.file);
  const userClasses = await UserClasses.load(components, {
    mmarRoot: files.root,
    trusted: options.trusted,
    ...(options.codeDigest !== undefined && { codeDigest: options.codeDigest }),
    configFile: config.file,
  });
  if (options.trusted) reporter.info(`Trusted code in custom/: ${describeCode(files.root)}`);
  const data = await buildDataParts({ slots, files, seed, userClasses });
  return {
    slots,
    files,
    log: reporter,
    signal,
    seed,
    threads,
    provider: host.chooseProvider(useGpu),
    data,
    userClasses,
    modelFolder,
    openEventWriter: (folder) => eventWriters.open(folder),
  };
}

function describeCode(mmarRoot: string): string {
  const { digest, modules } = openUserCode(mmarRoot);
  return Object.keys(modules).length === 0 ? 'none' : `sha256 ${digest}`;
}

function listComponents({ sections }: BuildableConfig): readonly ComponentNode[] {
  const all = (section: ConfigSection | undefined): readonly ComponentNode[] =>
    Object.keys(section ?? {}).flatMap((slot) => componentsOf(section, slot));
  return [...all(sections.train), ...all(sections.validate)];
}
