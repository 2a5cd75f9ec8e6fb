import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { FaultError } from '../../common/fault.ts';

const templateDescription = z.strictObject({
  title: z.string(),
  task: z.enum(['segmentation', 'classification']),
  summary: z.string(),
  needs: z.string(),
  phantoms: z.enum(['mr', 'ct']).describe('the drawn volumes that it can be tried with'),
  sizeDivisor: z.int().positive().describe('patch sizes are rounded up to multiples of it'),
  maxPatchVoxels: z.int().positive().describe('the largest patch that is proposed from the data'),
});

/** A folder of mmar-templates that an MMAR can be made from. */
export interface MmarTemplate extends z.output<typeof templateDescription> {
  readonly name: string;
  readonly folder: string;
}

/** The folder of the templates that come with the program. */
export const templatesFolder = join(import.meta.dirname, '../../mmar-templates');

/** All templates, by name. */
export async function listTemplates(folder = templatesFolder): Promise<MmarTemplate[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(names.sort().map((name) => readTemplate(folder, name)));
}

/** The template of that name; a FaultError lists the names there are. */
export async function findTemplate(name: string, folder = templatesFolder): Promise<MmarTemplate> {
  const templates = await listTemplates(folder);
  const found = templates.find((template) => template.name === name);
  if (found !== undefined) return found;
  throw new FaultError({
    code: 'usage',
    message: `There is no template "${name}".`,
    allowed: templates.map((template) => template.name).join(', '),
  });
}

async function readTemplate(folder: string, name: string): Promise<MmarTemplate> {
  const text = await readFile(join(folder, name, 'template.json'), 'utf8');
  return { ...templateDescription.parse(JSON.parse(text)), name, folder: join(folder, name) };
}
