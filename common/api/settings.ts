import { z } from 'zod';
import { command, query } from '../rpc/contract.ts';

/** Grey values from `level - width / 2` to `level + width / 2` are shown from black to white. */
export const windowPreset = z.object({
  name: z.string().trim().min(1).max(40),
  width: z.number().positive(),
  level: z.number(),
});
export type WindowPreset = z.output<typeof windowPreset>;

/** Presets in Hounsfield units, as radiologists know them. */
export const DEFAULT_PRESETS: readonly WindowPreset[] = [
  { name: 'Soft tissue', width: 400, level: 40 },
  { name: 'Lung', width: 1500, level: -600 },
  { name: 'Bone', width: 2500, level: 480 },
  { name: 'Brain', width: 80, level: 40 },
  { name: 'Liver', width: 150, level: 30 },
  { name: 'Mediastinum', width: 350, level: 50 },
];

/** What a user chooses once for all MMARs. No secrets: those are kept apart. */
export const settings = z.object({
  appearance: z.object({ theme: z.enum(['dark', 'light', 'system']).default('dark') }).prefault({}),
  numbers: z
    .object({
      scoreDigits: z.int().min(2).max(6).default(4),
      decimals: z.enum(['point', 'comma']).default('point'),
      thousands: z.enum(['space', 'none']).default('space'),
    })
    .prefault({}),
  folders: z
    .object({
      mmars: z.string().max(4096).default('').describe('where new MMARs are put; empty: MMARs in the home'),
      roots: z
        .array(z.string().min(1).max(4096))
        .max(32)
        .default([])
        .describe('folders beside the home that the file browser in the page may show'),
    })
    .prefault({}),
  compute: z
    .object({
      workers: z
        .string()
        .max(1000)
        .default('')
        .describe('for new runs, as 0:0:1,2; empty: one worker, on GPU 0 or on the CPU'),
    })
    .prefault({}),
  viewer: z
    .object({
      presets: z
        .array(windowPreset)
        .max(24)
        .default([...DEFAULT_PRESETS]),
    })
    .prefault({}),
});
export type Settings = z.output<typeof settings>;

/** Sections that are to change; the others stay. */
export const settingsChange = settings.partial();

/** How tokens are kept, which are no settings. */
export const secretKeeping = z.object({
  protection: z.enum(['encrypted', 'unprotected']),
  backend: z
    .string()
    .optional()
    .describe(
      'what keeps the key, as Electron names it: gnome_libsecret, kwallet6, keychain, dpapi, basic_text',
    ),
  place: z.string().describe('the file that holds them; the home is ~'),
});
export type SecretKeeping = z.output<typeof secretKeeping>;

export const settingsApi = {
  get: query(
    z.object({}),
    z.object({
      settings,
      defaultMmarFolder: z.string(),
      secrets: secretKeeping,
    }),
  ),
  update: command(settingsChange, settings),
} as const;
