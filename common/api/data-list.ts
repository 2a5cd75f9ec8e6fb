import { z } from 'zod';
import type { Fault } from '../fault.ts';
import { query } from '../rpc/contract.ts';
import { mmarId, mmarPath } from './ids.ts';

const count = z.int().nonnegative();
const fault = z.custom<Fault>();

/** The cases under one key of a data list. */
export const dataListSection = z.object({
  key: z.string(),
  use: z.enum(['train', 'validate', 'infer']).optional().describe('what the environment uses this key for'),
  cases: count,
  labelled: count.describe('cases with a label'),
  missingFiles: count,
  sizeBytes: z.number().nonnegative().describe('of the files that are there'),
});
export type DataListSection = z.output<typeof dataListSection>;

/** One image file of a case, or a folder with a series. */
export const caseFile = z.object({
  key: z.string(),
  path: z.string().describe('as the list writes it'),
  sizeBytes: z.number().nonnegative().nullable().describe('null: it is not there'),
  shape: z.array(z.number()).optional().describe('voxels per axis, where the header could be read'),
  spacingMm: z.array(z.number()).optional(),
});
export type CaseFile = z.output<typeof caseFile>;

/** A path that a list names, as it stands on the disk. */
export const inspectedFile = z.object({
  path: z.string(),
  sizeBytes: z.number().nonnegative().nullable().describe('null: it is not there'),
  shape: z.array(z.number()).optional(),
  spacingMm: z.array(z.number()).optional(),
  problem: z.string().optional().describe('why its header cannot be read'),
});
export type InspectedFile = z.output<typeof inspectedFile>;

/** The most paths that are looked at in one call. */
export const MOST_INSPECTED = 400;

/** Where cases to be added are. Paths are absolute, or start from the data root. */
export const caseSource = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('folders'),
    folder: z.string().min(1),
    images: z.string().min(1).optional().describe('in the folder; under the usual names when left out'),
    labels: z.string().min(1).optional(),
  }),
  z.object({
    kind: z.literal('pattern'),
    image: z.string().min(1).describe('images/*.nii.gz'),
    label: z
      .string()
      .min(1)
      .optional()
      .describe('labels/*_seg.nii.gz: * stands for what it stood for in image'),
  }),
  z.object({
    kind: z.literal('files'),
    images: z.array(z.string().min(1)).min(1).describe('one per channel'),
    label: z.string().min(1).optional(),
  }),
]);
export type CaseSource = z.output<typeof caseSource>;

/** A case as a list would write it: paths from the data root, absolute ones for files outside of it. */
export const foundCase = z.object({
  image: z.union([z.string(), z.array(z.string())]),
  label: z.string().optional(),
});
export type FoundCase = z.output<typeof foundCase>;

const root = z.string().describe('the folder that paths start from, absolute or relative to the MMAR');

export const dataListCase = z.object({ index: count, files: z.array(caseFile) });
export type DataListCaseRow = z.output<typeof dataListCase>;

/** The data list that the environment of an MMAR names, and the files that it names in turn. */
export const dataListApi = {
  /** Counts, and looks whether each file is there. What cannot be read is among `faults`. */
  survey: query(
    z.object({ mmar: mmarId }),
    z.object({
      listPath: z.string().optional().describe('DATASET_JSON as the environment writes it'),
      inMmar: mmarPath.optional().describe('where the list stands, when it is a file of the MMAR'),
      dataRoot: z.string().optional().describe('DATA_ROOT as the environment writes it'),
      name: z.string().optional(),
      modality: z.record(z.string(), z.string()).optional(),
      labels: z.record(z.string(), z.string()).optional(),
      sections: z.array(dataListSection),
      faults: z.array(fault),
    }),
  ),
  /** Some cases of a section with the sizes of their images. */
  cases: query(
    z.object({ mmar: mmarId, key: z.string(), from: count, most: z.int().positive().max(100) }),
    z.array(dataListCase),
  ),
  /** Looks at files, also of a list that is not saved. */
  inspect: query(
    z.object({
      mmar: mmarId,
      root,
      paths: z.array(z.string()).max(MOST_INSPECTED),
      withHeaders: z.boolean().default(true),
    }),
    z.array(inspectedFile),
  ),
  /** Looks for cases to add. Faults: file-missing, data-list-empty, usage. */
  find: query(
    z.object({ mmar: mmarId, root, source: caseSource }),
    z.object({
      cases: z.array(foundCase),
      notes: z.array(fault).describe('files without a partner, and folders that hold more than is looked at'),
    }),
  ),
  /** The text of the list that the environment names, wherever it stands: to edit it, it has to be in the MMAR. */
  text: query(z.object({ mmar: mmarId }), z.object({ text: z.string() })),
} as const;
