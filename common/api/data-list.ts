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
} as const;
