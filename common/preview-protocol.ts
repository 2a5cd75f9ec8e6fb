import { z } from 'zod';
import type { Fault } from './fault.ts';
import { valueStatistics } from './imaging/value-statistics.ts';
import { volumeFacts } from './imaging/volume-facts.ts';

const faults = z.array(z.custom<Fault>());
const triple = z.tuple([z.number(), z.number(), z.number()]);
const jsonPath = z.array(z.union([z.string(), z.number()]));

/** Which case goes through which transforms, and with which random numbers. */
export const previewRequest = z.object({
  configFile: z.string().describe('name of the train config within the MMAR'),
  configText: z.string().describe('the config as it is being edited'),
  section: z.enum(['train', 'validate']).describe('whose pre_transforms'),
  listKey: z.string().describe('key of the data list that holds the case'),
  index: z.int().nonnegative().describe('of the case under that key'),
  seed: z.int().nonnegative().describe('of the training: determinism.random_seed'),
  epoch: z.int().positive().describe('1-based: each draws other random numbers'),
  trusted: z.boolean().describe('code in custom/ may run'),
});
export type PreviewRequest = z.output<typeof previewRequest>;

/** A transform of the pipeline. */
export const plannedStep = z.object({
  name: z.string(),
  path: jsonPath.describe('where the config defines it'),
  args: z.record(z.string(), z.json()),
  random: z.boolean().nullable().describe('draws random numbers; null where it could not be built'),
  own: z.boolean().describe("the user's own code"),
});
export type PlannedStep = z.output<typeof plannedStep>;

/** One image after a step. */
export const stepImage = z.object({
  item: z.int().describe('number of the item: crops make several of one'),
  key: z.string().describe('such as image or label'),
  dataShape: z.array(z.int()).describe('of the array, as the next transform gets it'),
  channels: z.int(),
  shape: triple.describe('voxels towards right, anterior and superior'),
  spacingMm: triple,
  orientation: z.string().describe('axis codes of the array'),
  dtype: z.literal('float32'),
  statistics: valueStatistics,
  changed: z.boolean().describe('by this step'),
});
export type StepImage = z.output<typeof stepImage>;

/** A window that a step cut out of an image, in voxels of the image before it (turned to RAS). */
export const cutBox = z.object({
  item: z.int().describe('the item that was made of it'),
  parent: z.int().describe('the item that it was cut from'),
  start: triple,
  size: triple,
});
export type CutBox = z.output<typeof cutBox>;

/** Something that a random transform has drawn. */
export const drawnValue = z.object({
  item: z.int().describe('number of the item that came in'),
  name: z.string().describe('such as "applied", "offset"'),
  value: z.union([z.boolean(), z.number(), z.string(), z.array(z.number())]),
});
export type DrawnValue = z.output<typeof drawnValue>;

/** What a step did. */
export const previewStep = z.object({
  index: z.int(),
  seconds: z.number().describe('that it took when it was run'),
  reused: z.boolean().describe('not run again: it could not have come out differently'),
  skipped: z.string().optional().describe('why it was not run: it writes files'),
  items: z.int(),
  images: z.array(stepImage),
  boxes: z.array(cutBox),
  draws: z.array(drawnValue).describe('as the trainer drew them, in order'),
});
export type PreviewStep = z.output<typeof previewStep>;

/** What a preview says, in order: the plan, each step, the end. */
export const previewEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('plan'), steps: z.array(plannedStep), caseSeed: z.int() }),
  z.object({ type: z.literal('step'), step: previewStep }),
  z.object({
    type: z.literal('failed'),
    index: z.int().nullable().describe('of the step; null where there is none to blame'),
    faults,
  }),
  z.object({ type: z.literal('done'), seconds: z.number() }),
]);
export type PreviewEvent = z.output<typeof previewEvent>;

/** The image that is wanted, after a step of the run that went last. */
export const stepImageRef = z.object({
  step: z.int().nonnegative(),
  item: z.int().nonnegative(),
  key: z.string(),
  channel: z.int().nonnegative(),
});
export type StepImageRef = z.output<typeof stepImageRef>;

/** To the process that runs previews. */
export type PreviewCommand =
  | { readonly type: 'run'; readonly run: number; readonly request: PreviewRequest }
  /** Write the voxels of an image to a file, x fastest, turned to RAS. */
  | {
      readonly type: 'write';
      readonly id: number;
      readonly run: number;
      readonly image: StepImageRef;
      readonly file: string;
    };

/** From it. */
export const previewMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('event'), run: z.int(), event: previewEvent }),
  z.object({ type: z.literal('written'), id: z.int(), facts: volumeFacts }),
  z.object({ type: z.literal('unwritten'), id: z.int(), faults }),
  z
    .object({ type: z.literal('outdated'), run: z.int() })
    .describe("the user's code has changed since this process loaded it: another one has to run it"),
  z.object({ type: z.literal('defect'), message: z.string() }),
]);
export type PreviewMessage = z.output<typeof previewMessage>;
