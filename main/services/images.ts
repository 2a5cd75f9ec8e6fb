import { basename } from 'node:path';
import type { z } from 'zod';
import type { imagesApi, volumePlace } from '../../common/api/images.ts';
import type { MmarId } from '../../common/api/ids.ts';
import { FaultError } from '../../common/fault.ts';
import type { Handlers } from '../../common/rpc/contract.ts';
import { drawThumbnail } from '../imaging/draw-thumbnail.ts';
import { locateCaseImage, recipeOf, type CaseList } from '../imaging/locate-volume.ts';
import type { Volume } from '../imaging/make-volume.ts';
import { PreviewRunner } from '../imaging/preview-runner.ts';
import { createVolumeReader } from '../imaging/volume-reader.ts';
import { readWhole, type VolumeReading } from '../imaging/volume-reading.ts';
import { VolumeStore, type VolumeRecipe } from '../imaging/volume-store.ts';
import { locateFile } from '../mmar-files/locate-file.ts';
import { openDataList } from '../mmar-files/survey-data-list.ts';
import type { Clock } from '../ports/clock.ts';
import type { LaunchPreview } from '../ports/preview-launcher.ts';

export interface ImagesServiceParts {
  /** Absolute path of an MMAR. Throws a FaultError for one that is not known. */
  readonly folderOf: (mmar: MmarId) => string;
  /** Whether the code in an MMAR's custom/ may run. */
  readonly isTrusted: (mmarRoot: string) => Promise<boolean>;
  /** Throws a FaultError for a path of this machine that the window may not open by itself. */
  readonly mayOpen: (path: string) => Promise<void>;
  readonly launchPreview: LaunchPreview;
  readonly clock: Clock;
}

/** Opens images and previews; what its routes answer with comes from here too. */
export interface ImagesService {
  readonly handlers: Handlers<typeof imagesApi>;
  /** The voxels of an open volume. Fault `volume-gone`. */
  readonly readVolume: (token: string) => VolumeReading;
  /** A small picture of a case as PNG. */
  readonly readThumbnail: (mmar: MmarId, list: string, index: number) => Promise<Uint8Array>;
  dispose(): Promise<void>;
}

/** When the program has started, and is idle. */
const WARM_AFTER_MS = 1500;
/** Pictures of more cases than this are drawn again when they are wanted. */
const MOST_THUMBNAILS = 1000;

export function createImagesService(parts: ImagesServiceParts): ImagesService {
  const { folderOf, isTrusted, mayOpen, launchPreview, clock } = parts;
  const reader = createVolumeReader();
  const cancelWarming = clock.after(WARM_AFTER_MS, () => reader.warm());
  const store = new VolumeStore();
  const thumbnails = new Map<string, Promise<Uint8Array>>();
  const runners = new Map<MmarId, PreviewRunner>();

  function runnerOf(mmar: MmarId): PreviewRunner {
    const root = folderOf(mmar);
    const known = runners.get(mmar);
    if (known?.mmarRoot === root) return known;
    // The MMAR was moved: what runs in the old place has no images any more.
    known?.dispose();
    const runner = new PreviewRunner(root, launchPreview, clock);
    runners.set(mmar, runner);
    return runner;
  }

  /** How to come by what a place names. */
  async function findVolume(place: z.output<typeof volumePlace>): Promise<VolumeRecipe> {
    switch (place.from) {
      case 'case':
        return recipeOf(locateCaseImage(await openCases(folderOf(place.mmar)), place), place, reader);
      case 'file': {
        const file = await locateFile(folderOf(place.mmar), place.path);
        return recipeOf({ file, name: place.path }, place, reader);
      }
      case 'disk': {
        await mayOpen(place.path);
        return recipeOf({ file: place.path, name: basename(place.path) }, place, reader);
      }
      case 'preview': {
        const { mmar, run } = parsePreview(place.preview);
        const { step, item, key, channel } = place;
        const image = { step, item, key, channel };
        return {
          identity: JSON.stringify([place.preview, image]),
          start: () => readWhole(runnerOf(mmar).read(run, image)),
        };
      }
    }
  }

  async function drawCase(mmarRoot: string, list: string, index: number): Promise<Uint8Array> {
    const cases = await openCases(mmarRoot);
    const read = async (key: string): Promise<Volume> => {
      const image = locateCaseImage(cases, { list, index, key, file: 0 });
      return reader.read({ ...image, channel: 0 });
    };
    const image = await read('image');
    // A case may well have no label, or one that cannot be read: then there is the image alone.
    return drawThumbnail(image, await read('label').catch(() => undefined));
  }

  const handlers: Handlers<typeof imagesApi> = {
    open: async (place) => store.open(await findVolume(place)),
    begin: async (place) => store.begin(await findVolume(place)),
    async *preview({ mmar, ...request }, { signal }) {
      const trusted = await isTrusted(folderOf(mmar));
      const { run, events } = runnerOf(mmar).start({ ...request, trusted });
      yield { type: 'opened', preview: namePreview(mmar, run) };
      for await (const event of events) {
        if (signal.aborted) return;
        yield event;
      }
    },
  };

  return {
    handlers,
    readVolume: (token) => store.get(token),
    async readThumbnail(mmar, list, index) {
      const root = folderOf(mmar);
      const image = locateCaseImage(await openCases(root), { list, index, key: 'image', file: 0 });
      const { identity } = await recipeOf(image, { channel: 0 }, reader);
      const known = thumbnails.get(identity) ?? drawCase(root, list, index);
      thumbnails.delete(identity);
      thumbnails.set(identity, known);
      const [oldest] = thumbnails.keys();
      if (thumbnails.size > MOST_THUMBNAILS && oldest !== undefined) thumbnails.delete(oldest);
      known.catch(() => thumbnails.delete(identity));
      return known;
    },
    async dispose() {
      cancelWarming();
      for (const runner of runners.values()) runner.dispose();
      await reader.dispose();
    },
  };
}

async function openCases(mmarRoot: string): Promise<CaseList> {
  const { listPath, root, json, faults } = await openDataList(mmarRoot);
  if (faults.length > 0) throw new FaultError(...faults);
  return { listName: basename(listPath ?? 'the data list'), root, json };
}

const namePreview = (mmar: MmarId, run: number): string => `${mmar}-${run}`;

function parsePreview(name: string): { readonly mmar: MmarId; readonly run: number } {
  const [mmar = '', run = ''] = name.split('-');
  return { mmar: mmar as MmarId, run: Number(run) };
}
