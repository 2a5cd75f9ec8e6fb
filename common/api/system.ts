import { z } from 'zod';
import type { Fault } from '../fault.ts';
import { command, query } from '../rpc/contract.ts';

const count = z.int().nonnegative();
const path = z.string().min(1).max(4096);

/** An execution provider of ONNX Runtime, and why it cannot be used, if so. */
export const providerState = z.object({
  name: z.string(),
  isAvailable: z.boolean(),
  lacks: z.array(z.string()).describe('files, drivers or devices; empty when it is available'),
});
export type ProviderState = z.output<typeof providerState>;

export const diskState = z.object({
  holds: z.string().describe('what of ours is on it'),
  place: z.string().describe('~ is the home'),
  freeBytes: z.number().nonnegative(),
  totalBytes: z.number().nonnegative(),
});
export type DiskState = z.output<typeof diskState>;

/** Something that went wrong inside the program since it was started. */
export const defectLine = z.object({
  at: z.iso.datetime(),
  correlation: z.string(),
  operation: z.string(),
  message: z.string(),
});
export type DefectLine = z.output<typeof defectLine>;

/** This machine and this program. Nothing in it names a user: homes are ~. */
export const diagnostics = z.object({
  versions: z.array(z.object({ name: z.string(), version: z.string() })),
  machine: z.object({
    system: z.string(),
    processor: z.string(),
    cores: z.int().positive(),
    memoryBytes: z.number().positive(),
    freeMemoryBytes: z.number().nonnegative(),
  }),
  gpus: z.array(z.object({ id: z.string(), name: z.string(), memoryMib: z.number().optional() })),
  providers: z.array(providerState),
  providersProblem: z.string().optional().describe('why the providers could not be asked'),
  disks: z.array(diskState),
  defects: z.array(defectLine),
});
export type Diagnostics = z.output<typeof diagnostics>;

export const browsedEntry = z.object({
  name: z.string(),
  path,
  kind: z.enum(['folder', 'file']),
  isMmar: z.boolean().describe('a folder that holds an MMAR'),
  sizeBytes: z.number().nonnegative().optional(),
});
export type BrowsedEntry = z.output<typeof browsedEntry>;

/** One folder as the file browser in the page shows it. */
export const browsedFolder = z.object({
  path,
  parent: path.optional().describe('left out at a root'),
  entries: z.array(browsedEntry).describe('folders first'),
  leftOut: count.describe('entries beyond the most that are listed'),
  roots: z.array(z.object({ name: z.string(), path })),
});
export type BrowsedFolder = z.output<typeof browsedFolder>;

const choice = z.object({
  kind: z.enum(['folder', 'file']),
  endings: z.array(z.string().max(32)).max(16).default([]).describe('of files, without dots'),
});

export const systemApi = {
  /** What the host can do: where dialogs are missing, the page has its own file browser. */
  abilities: query(
    z.object({}),
    z.object({
      dialogs: z.boolean(),
      reveal: z.boolean(),
      trash: z.boolean(),
      notifications: z.boolean(),
    }),
  ),
  /** Asks with the system's own dialog. */
  choose: command(
    choice.extend({ title: z.string().max(200), from: path.optional() }),
    z.object({ path: path.optional().describe('left out: the user changed their mind') }),
  ),
  /** A folder within the home or one of the roots in the settings. Faults: path-not-allowed, file-missing, file-unreadable. */
  browse: query(choice.extend({ path: path.optional().describe('the home when left out') }), browsedFolder),
  makeFolder: command(z.object({ parent: path, name: z.string().min(1).max(255) }), z.object({ path })),
  diagnostics: query(z.object({}), diagnostics),
  /** The workers that a text means on this machine, or what is wrong with it. */
  readWorkers: query(
    z.object({ text: z.string().max(1000) }),
    z.object({
      workers: z.array(z.object({ name: z.string(), devices: z.array(z.string()) })),
      faults: z.array(z.custom<Fault>()),
    }),
  ),
} as const;
