import { z } from 'zod';
import type { Fault } from '../fault.ts';
import { command, query, stream } from '../rpc/contract.ts';
import { mmarId } from './ids.ts';
import { runState } from './runs.ts';

const fault = z.custom<Fault>();
const count = z.int().nonnegative();
const folder = z.string().min(1).max(4096).describe('an absolute path of this machine');

/** A name of a folder that every system accepts. */
export const mmarName = z
  .string()
  .trim()
  .min(1)
  .max(100)
  .regex(/^[^/\\:*?"<>|\0]+$/, { error: 'must not hold / \\ : * ? " < > |' })
  .refine((name) => !/^[. ]|[. ]$/.test(name), { error: 'must not begin or end with a point or space' });

/**
 * Whether an MMAR can be used: `ready`; `broken`: its config cannot be read, the editor opens it all the same;
 * `foreign`: the folder is no MMAR any more; `gone`: the folder is not there, e.g. because its disk is not.
 */
export const mmarState = z.enum(['ready', 'broken', 'foreign', 'gone']);
export type MmarState = z.output<typeof mmarState>;

/** `needless`: it has no code of its own. `changed`: it was trusted, and its code is another now. */
export const trustState = z.enum(['needless', 'untrusted', 'trusted', 'changed']);
export type TrustState = z.output<typeof trustState>;

/** What the library shows of an MMAR without opening it. */
export const mmarCard = z.object({
  mmar: mmarId,
  name: z.string(),
  place: z.string().describe('the folder that it is in, for people: ~ is their home'),
  state: mmarState,
  faults: z.array(fault).describe('why it is not ready'),
  task: z.enum(['segmentation', 'classification']).optional(),
  network: z.string().optional().describe('the component that is trained'),
  data: z
    .object({
      name: z.string().optional(),
      training: count,
      validation: count,
    })
    .optional()
    .describe('of the data list; left out when it cannot be read'),
  runs: count,
  lastRun: z
    .object({
      run: z.string(),
      state: runState,
      startedAt: z.iso.datetime(),
      jobs: count,
    })
    .optional(),
  best: z
    .object({ run: z.string(), job: z.string(), score: z.number(), metric: z.string().optional() })
    .optional()
    .describe('over all runs'),
  trust: trustState,
  openedAt: z.iso.datetime().optional(),
  isSample: z.boolean(),
});
export type MmarCard = z.output<typeof mmarCard>;

/** Something to make an MMAR from. */
export const templateCard = z.object({
  name: z.string(),
  title: z.string(),
  task: z.enum(['segmentation', 'classification']),
  summary: z.string(),
  needs: z.string(),
});
export type TemplateCard = z.output<typeof templateCard>;

/** Where the images of a new MMAR are. */
export const dataSource = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('list'), file: folder.describe('a data list, e.g. of the decathlon') }),
  z.object({
    kind: z.literal('folders'),
    folder: folder.describe('the data root, with the images and labels in it'),
    images: z
      .string()
      .max(1024)
      .optional()
      .describe('folder of the images in it; found by itself when left out'),
    labels: z.string().max(1024).optional(),
    validation: z.number().min(0.05).max(0.5).describe('fraction of the cases'),
    seed: count,
  }),
]);
export type DataSource = z.output<typeof dataSource>;

/** What was found in a data source. */
export const dataSurvey = z.object({
  training: count,
  validation: count,
  test: count,
  sample: z.array(z.object({ image: z.string(), label: z.string() })).describe('a few cases, to look at'),
});
export type DataSurvey = z.output<typeof dataSurvey>;

const known = z.object({ mmar: mmarId });

const contentChoice = known.extend({
  withRuns: z.boolean().describe('the runs of its searches too'),
  withModels: z.boolean(),
});

/** What a packed MMAR would hold. */
export const packPlan = z.object({
  files: count,
  sizeBytes: count.describe('before packing'),
  version: count.optional().describe('its stamped version, where the content is that version'),
  leavesDataPaths: z.boolean().describe('paths to data stay here'),
  findings: z.array(fault).describe('places that look as if they identified a person'),
  unchecked: z.array(z.string()).describe('files that cannot be looked into: pictures, models'),
});
export type PackPlan = z.output<typeof packPlan>;

/** A file that runs once the MMAR is trusted. */
export const codeFile = z.object({
  path: z.string(),
  sizeBytes: count,
  change: z
    .enum(['same', 'added', 'changed', 'gone'])
    .describe('since the code was trusted here; same when never'),
});
export type CodeFile = z.output<typeof codeFile>;

/** Whether the MMAR's own code may run, and which files that are. */
export const trustView = z.object({
  state: trustState,
  isRevoked: z.boolean().describe('trust was taken back'),
  digest: z.string().describe('of all the code: what a decision is about'),
  files: z.array(codeFile),
  decision: z
    .object({ by: z.string(), at: z.iso.datetime(), note: z.string().optional() })
    .optional()
    .describe('the one that counts; for changed code the one before'),
});
export type TrustView = z.output<typeof trustView>;

/** Where a packed MMAR comes from: a file of this machine, or one that was uploaded. */
const packedSource = z.union([
  z.object({ file: folder }),
  z.object({ upload: z.string().regex(/^[0-9a-f]{16}$/) }),
]);

/** The MMARs that this machine knows, and what is done with whole ones. */
export const libraryApi = {
  list: query(
    z.object({}),
    z.object({
      mmars: z.array(mmarCard).describe('opened last, first'),
      folder: z.string().describe('where new ones are put'),
    }),
  ),
  templates: query(z.object({}), z.array(templateCard)),
  get: query(known, mmarCard),
  /** One item at once, one whenever the list has changed, and now and then one to look at the cards again. */
  changes: stream(
    z.object({}),
    z.object({
      revision: count,
      isListed: z.boolean().describe('MMARs came, went, or were renamed or decided about'),
    }),
  ),
  /** Makes a folder known. Faults: file-missing, schema when it is no MMAR. */
  add: command(z.object({ folder }), known),
  /** Looks through a folder and makes the MMARs in it known. */
  addAll: command(z.object({ folder }), z.object({ added: z.array(mmarId) })),
  /** The folder of a known MMAR was moved by somebody: says where it is now. Faults as of `add`. */
  relocate: command(z.object({ mmar: mmarId, folder }), z.object({})),
  /** Takes it off the list; the folder stays. */
  forget: command(known, z.object({})),
  /** Remembers that it was opened now. */
  touch: command(known, z.object({})),
  /** Draws a data set and makes an MMAR of it that trains in minutes. */
  addSample: command(z.object({}), known),
  surveyData: query(z.object({ source: dataSource }), dataSurvey),
  create: command(
    z.object({
      name: mmarName,
      folder: folder.optional().describe('that it is put in; the default folder when left out'),
      template: z.string(),
      source: dataSource,
    }),
    known,
  ),
  duplicate: command(z.object({ mmar: mmarId, name: mmarName, withRuns: z.boolean() }), known),
  rename: command(z.object({ mmar: mmarId, name: mmarName }), z.object({})),
  /** Shows the folder in the system's file browser. */
  reveal: command(known, z.object({})),
  /** Puts it away. `restore` brings it back until `until`, then it goes to the system's trash, or is kept where there is none. */
  remove: command(
    z.object({ mmar: mmarId }),
    z.object({ removal: z.string(), trash: z.enum(['system', 'kept']) }),
  ),
  restore: command(z.object({ removal: z.string() }), known),
  planPack: query(contentChoice, packPlan),
  /**
   * Packs into one file: where the system's dialog says, or to be downloaded from `address` where there is no dialog.
   * Faults: identifying unless the findings are accepted.
   */
  pack: command(
    contentChoice.extend({ acceptFindings: z.boolean() }),
    z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('cancelled') }),
      z.object({ outcome: z.literal('saved'), packedBytes: count }),
      z.object({ outcome: z.literal('download'), packedBytes: count, address: z.string() }),
    ]),
  ),
  /** Unpacks into the default folder. Its code runs only when somebody trusts it. */
  unpack: command(z.object({ source: packedSource, name: mmarName.optional() }), known),
  trust: query(known, trustView),
  /** Faults: file-changed when the code is another than the one that was shown. */
  decideTrust: command(
    known.extend({ digest: z.string(), isTrusted: z.boolean(), note: z.string().max(500).optional() }),
    z.object({}),
  ),
} as const;

/** Where a packed MMAR is sent to, as the body of a POST; the answer is `{ "upload": "…" }`. */
export const packedUploadAddress = (fileName: string): string =>
  `/resource/library/upload/${encodeURIComponent(fileName)}`;
