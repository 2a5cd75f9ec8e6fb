import type { systemApi } from '../../common/api/system.ts';
import type { Handlers } from '../../common/rpc/contract.ts';
import type { Defect } from '../node/defect-log.ts';
import type { Desktop } from '../ports/desktop.ts';
import type { DeviceProbe } from '../ports/devices.ts';
import type { SettingsStore } from '../ports/settings-store.ts';
import { parseWorkers } from '../scheduler/parse-workers.ts';
import { mmarFolder, readSettings } from '../settings/read-settings.ts';
import { browsableRoots } from '../system/browsable-roots.ts';
import { browseFolder, makeFolder } from '../system/browse-folder.ts';
import {
  describeDefects,
  describeDisks,
  describeMachine,
  describeVersions,
} from '../system/describe-machine.ts';
import { probeProviders, type ProviderProbe } from '../system/probe-providers.ts';

export interface SystemServiceParts {
  readonly dataFolder: string;
  readonly desktop: Desktop;
  readonly settings: SettingsStore;
  readonly devices: DeviceProbe;
  readonly recentDefects: () => readonly Defect[];
  readonly probe?: () => Promise<ProviderProbe>;
}

/** Answers for the machine: its files, devices, and what is wrong with it. */
export function createSystemService(parts: SystemServiceParts): Handlers<typeof systemApi> {
  const { desktop, devices, probe = probeProviders } = parts;
  const roots = (): readonly string[] => browsableRoots(parts.settings);
  return {
    abilities: async () => ({ ...desktop.abilities }),
    choose: async ({ kind, title, endings, from }) => {
      const path = await desktop.choose({ kind, title, endings, ...(from === undefined ? {} : { from }) });
      return path === undefined ? {} : { path };
    },
    browse: async (request) => browseFolder(request, unique(roots())),
    makeFolder: async ({ parent, name }) => ({ path: await makeFolder(parent, name, roots()) }),
    diagnostics: async () => diagnose(parts, probe),
    readWorkers: async ({ text }) => {
      const parsed = parseWorkers(text, await devices.listGpus());
      return parsed.ok
        ? { workers: parsed.value.map(({ name, devices: ids }) => ({ name, devices: [...ids] })), faults: [] }
        : { workers: [], faults: [...parsed.faults] };
    },
  };
}

/** The home, and what of the others is not within it already. */
function unique(roots: readonly string[]): readonly string[] {
  return [...new Set(roots)].filter(
    (root, index, all) => index === 0 || !all.some((other) => other !== root && root.startsWith(`${other}/`)),
  );
}

async function diagnose(
  { dataFolder, settings, devices, recentDefects }: SystemServiceParts,
  probe: () => Promise<ProviderProbe>,
): ReturnType<Handlers<typeof systemApi>['diagnostics']> {
  const [providers, gpus, disks] = await Promise.all([
    probe(),
    devices.listGpus(),
    describeDisks([
      { holds: 'Settings, tracking, drafts', folder: dataFolder },
      { holds: 'MMARs', folder: mmarFolder(readSettings(settings)) },
    ]),
  ]);
  return {
    versions: describeVersions(providers.onnxruntime),
    machine: describeMachine(),
    gpus: gpus.map((gpu) => ({ ...gpu })),
    ...('problem' in providers
      ? { providers: [], providersProblem: providers.problem }
      : { providers: providers.providers }),
    disks,
    defects: describeDefects(recentDefects()),
  };
}
