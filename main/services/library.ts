import { basename, dirname, join, resolve } from 'node:path';
import type { libraryApi } from '../../common/api/library.ts';
import { FaultError } from '../../common/fault.ts';
import type { Handlers } from '../../common/rpc/contract.ts';
import { createFromSource } from '../library/create-from-source.ts';
import { userName } from '../library/describe-place.ts';
import { describeTrust } from '../library/describe-trust.ts';
import type { KnownMmars } from '../library/known-mmars.ts';
import { watchLibrary } from '../library/library-changes.ts';
import type { Library } from '../library/library.ts';
import { findFreeFolder } from '../library/make-sample.ts';
import { PACKED_ENDING, type PackedFiles } from '../library/packed-files.ts';
import type { Removals } from '../library/removals.ts';
import { surveySource } from '../library/survey-source.ts';
import { packMmar } from '../mmar/archive/pack.ts';
import { planPack } from '../mmar/archive/plan-pack.ts';
import { unpackMmar } from '../mmar/archive/unpack.ts';
import { copyMmar } from '../mmar/copy-mmar.ts';
import { describeFinding } from '../mmar/identifying/find-identifying.ts';
import { listTemplates } from '../mmar/template.ts';
import type { TrustStore } from '../mmar/trust/trust-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Desktop } from '../ports/desktop.ts';

export interface LibraryServiceParts {
  readonly known: KnownMmars;
  readonly library: Library;
  readonly removals: Removals;
  readonly packed: PackedFiles;
  readonly trust: TrustStore;
  readonly desktop: Desktop;
  readonly clock: Clock;
  /** Absolute folder for new MMARs, as the settings say now. */
  readonly mmarFolder: () => string;
}

/** Everything that is done with whole MMARs. */
export function createLibraryService(parts: LibraryServiceParts): Handlers<typeof libraryApi> {
  const { known, library, removals, desktop, clock, mmarFolder } = parts;
  return {
    list: async () => ({ mmars: await library.cards(), folder: mmarFolder() }),
    templates: async () =>
      (await listTemplates()).map(({ name, title, task, summary, needs }) => ({
        name,
        title,
        task,
        summary,
        needs,
      })),
    get: async ({ mmar }) => library.card(mmar),
    changes: (_input, { signal }) => watchLibrary(known, clock, signal),
    add: async ({ folder }) => ({ mmar: await library.add(folder) }),
    addAll: async ({ folder }) => ({ added: await library.addAll(folder) }),
    relocate: async ({ mmar, folder }) => done(await library.relocate(mmar, folder)),
    forget: async ({ mmar }) => done(known.forget(mmar)),
    touch: async ({ mmar }) => done(known.touch(mmar)),
    addSample: async () => ({ mmar: await library.addSample() }),
    surveyData: async ({ source }) => surveySource(source),
    create: async ({ name, folder, template, source }) => {
      const target = resolve(folder ?? mmarFolder(), name);
      await createFromSource(template, target, source);
      return { mmar: known.add(target) };
    },
    duplicate: async ({ mmar, name, withRuns }) => {
      const from = known.folderOf(mmar);
      const to = join(dirname(from), name);
      await copyMmar({ from, to, withRuns });
      return { mmar: known.add(to) };
    },
    rename: async ({ mmar, name }) => done(await library.rename(mmar, name)),
    reveal: async ({ mmar }) => done(await desktop.reveal(known.folderOf(mmar))),
    remove: async ({ mmar }) => {
      await library.refuseWhileRunning(mmar);
      const { removal } = await removals.remove(mmar);
      return { removal, trash: removals.trash };
    },
    restore: async ({ removal }) => ({ mmar: await removals.restore(removal) }),
    ...packing(parts),
    ...trusting(parts),
  };
}

type Packing = Pick<Handlers<typeof libraryApi>, 'planPack' | 'pack' | 'unpack'>;

function packing({ known, packed, desktop, mmarFolder }: LibraryServiceParts): Packing {
  return {
    planPack: async ({ mmar, withRuns, withModels }) => {
      const plan = await planPack(known.folderOf(mmar), { withRuns, withModels });
      return {
        files: plan.files.length,
        sizeBytes: plan.sizeBytes,
        leavesDataPaths: plan.packedTexts.size > 0,
        findings: plan.findings.map((finding) => describeFinding(finding)),
        unchecked: [...plan.unchecked],
        ...(plan.version === undefined ? {} : { version: plan.version }),
      };
    },
    pack: async ({ mmar, ...choice }) => {
      const mmarRoot = known.folderOf(mmar);
      const fileName = `${basename(mmarRoot)}.${PACKED_ENDING}`;
      if (!desktop.abilities.dialogs) {
        const { file, address } = await packed.makePlace(fileName);
        const { packedBytes } = await packMmar({ mmarRoot, file, ...choice });
        return { outcome: 'download', packedBytes, address };
      }
      const file = await desktop.chooseTarget({ title: 'Pack MMAR', fileName });
      if (file === undefined) return { outcome: 'cancelled' };
      const { packedBytes } = await packMmar({ mmarRoot, file, ...choice });
      return { outcome: 'saved', packedBytes };
    },
    unpack: async ({ source, name }) => {
      const file = 'file' in source ? source.file : await packed.find(source.upload);
      const wanted = name ?? basename(file).replace(/[.](mmar|zip)$/i, '');
      const folder = findFreeFolder(mmarFolder(), wanted);
      try {
        await unpackMmar({ file, folder });
      } finally {
        if ('upload' in source) await packed.delete(source.upload);
      }
      return { mmar: known.add(folder) };
    },
  };
}

type Trusting = Pick<Handlers<typeof libraryApi>, 'trust' | 'decideTrust'>;

function trusting({ known, trust, clock }: LibraryServiceParts): Trusting {
  return {
    trust: async ({ mmar }) => describeTrust(await trust.view(known.folderOf(mmar))),
    decideTrust: async ({ mmar, digest, isTrusted, note }) => {
      const folder = known.folderOf(mmar);
      const decision = {
        by: userName() || 'unknown',
        at: new Date(clock.now()).toISOString(),
        ...(note === undefined || note === '' ? {} : { note }),
      };
      if (!isTrusted) await trust.revoke(folder, decision);
      else if (!(await trust.trust(folder, digest, decision))) throw changedCode(folder);
      known.announce();
      return {};
    },
  };
}

function changedCode(folder: string): FaultError {
  return new FaultError({
    code: 'file-changed',
    file: basename(folder),
    message: 'The code changed while it was looked at.',
    allowed: 'looking at it again',
  });
}

const done = (_nothing: void): Record<string, never> => ({});
