import { z } from 'zod';
import { command, query, stream } from '../rpc/contract.ts';
import { mmarId, mmarPath } from './ids.ts';

const mmar = mmarId;
const path = mmarPath;
/** A folder, or the MMAR itself. */
const folder = z.union([z.literal(''), mmarPath]);
const digest = z.string().describe('SHA-256 of the bytes of a file');

/** One entry of a folder of an MMAR. */
export const fileEntry = z.object({
  name: z.string(),
  path,
  kind: z
    .enum(['file', 'folder', 'other'])
    .describe('other: a link that leads out of the MMAR, a socket ...'),
  sizeBytes: z.number().optional().describe('of a file'),
  modifiedAt: z.iso.datetime().optional(),
});
export type FileEntry = z.output<typeof fileEntry>;

/** A text file as it is on the disk. */
export const textFile = z.object({
  text: z.string(),
  digest,
  isWritable: z.boolean(),
});
export type TextFile = z.output<typeof textFile>;

/** What was typed and not saved, kept by main so that neither a crash nor a reload loses it. */
export const draft = z.object({
  path,
  text: z.string(),
  basedOn: digest.nullable().describe('the file that was changed; null for a file that is not there yet'),
  keptAt: z.iso.datetime(),
});
export type Draft = z.output<typeof draft>;

/** Something to compare a file with. */
export const baseline = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['template', 'run', 'job']),
});
export type Baseline = z.output<typeof baseline>;

/** What is now at a path that is watched. */
export const fileState = z.object({
  path: folder,
  digest: digest.nullable().describe('null: nothing is there; for a folder it changes with its entries'),
});
export type FileState = z.output<typeof fileState>;

/** The text files of an MMAR. A path never leads out of it, links included. */
export const filesApi = {
  list: query(
    z.object({ mmar, folder }),
    z.object({
      entries: z.array(fileEntry),
      leftOut: z.int().nonnegative().describe('entries beyond the most that are listed'),
    }),
  ),
  /** Faults: file-missing, file-unreadable, file-too-large, file-not-text, path-not-allowed. */
  read: query(z.object({ mmar, path }), textFile),
  /** Replaces the file as a whole. Faults: file-changed when `expected` is not on the disk, file-unwritable, disk-full. */
  write: command(
    z.object({ mmar, path, text: z.string(), expected: digest.nullable().describe('null: no file yet') }),
    z.object({ digest }),
  ),
  /** Moves a file to the system's trash, or deletes it where there is none and `isFinal` says so. */
  remove: command(z.object({ mmar, path, isFinal: z.boolean().default(false) }), z.object({})),
  /** The state of each path at once, and then whenever one changes. */
  watch: stream(z.object({ mmar, paths: z.array(folder).max(200) }), fileState),
  drafts: query(z.object({ mmar }), z.array(draft)),
  keepDraft: command(
    z.object({ mmar, path, text: z.string(), basedOn: digest.nullable() }),
    z.object({ keptAt: z.iso.datetime() }),
  ),
  dropDraft: command(z.object({ mmar, path }), z.object({})),
  /** The file of this path as the latest run searched it, as its jobs have it, best first, and the templates' one. */
  baselines: query(z.object({ mmar, path }), z.array(baseline)),
  readBaseline: query(z.object({ mmar, path, id: z.string() }), z.object({ text: z.string() })),
} as const;
