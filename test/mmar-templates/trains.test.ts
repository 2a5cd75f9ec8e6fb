import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { unwrap } from '../../common/fault.ts';
import { parseNiftiHeader } from '../../common/imaging/nifti-header.ts';
import { readVoxels } from '../../common/imaging/nifti-voxels.ts';
import { trainStats } from '../../common/mmar/train-stats.ts';
import { newMmar } from '../../main/mmar/new-mmar.ts';
import { listTemplates } from '../../main/mmar/template.ts';
import { makePhantoms } from '../make-phantoms.ts';

const outerloop = resolve(import.meta.dirname, '../../bin/outerloop');
const templates = await listTemplates();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'outerloop-templates-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each(templates)('the template $name', ({ name: template, phantoms: modality }) => {
  const mmar = (): string => join(folder, template);
  const data = (): string => join(folder, `${template}-data`);
  const run = (script: string, ...settings: string[]): Promise<{ stdout: string }> =>
    promisify(execFile)(join(mmar(), 'commands', script), settings, {
      env: { ...process.env, OUTERLOOP: outerloop },
    });

  it(
    'trains, goes on, measures, segments and exports by its own commands',
    { timeout: 240_000 },
    async () => {
      const sizes = { training: 4, validation: 2, test: 1, baseSize: 14 };
      const datalist = await makePhantoms(data(), { ...sizes, modality });
      await newMmar({
        template,
        folder: mmar(),
        datalist,
        settings: { epochs: 2, num_interval_per_valid: 1 },
      });

      await run('train.sh');
      const stats = trainStats.parse(
        JSON.parse(readFileSync(join(mmar(), 'models/train_stats.json'), 'utf8')),
      );
      expect(stats).toMatchObject({ status: 'completed', epochs: 2, key_metric: 'val_mean_dice' });
      expect(stats.validation).toHaveLength(2);
      expect(stats.validation[0]!.per_class?.val_mean_dice).toHaveLength(modality === 'mr' ? 2 : 1);
      expect(stats.train[1]!.loss).toBeLessThan(stats.train[0]!.loss);
      const models = readdirSync(join(mmar(), 'models'));
      expect(models).toEqual(expect.arrayContaining(['model.pt', 'final_model.pt', 'model.onnx']));
      expect(models.some((file) => file.startsWith('events.out.tfevents.'))).toBe(true);

      const finetuned = await run('train_finetune.sh', 'epochs=1');
      expect(finetuned.stdout).toContain('model.pt');

      await run('validate.sh');
      const metrics = readFileSync(join(mmar(), 'eval/metrics.csv'), 'utf8');
      expect(metrics).toMatch(/val_mean_dice.*\d/);
      const raw = readFileSync(join(mmar(), 'eval/val_mean_dice_raw.csv'), 'utf8').trim().split('\n');
      expect(raw).toHaveLength(1 + 2);

      await run('infer.sh');
      expect(segmentedClasses(join(mmar(), 'eval'), join(data(), 'data/images/phantom_007.nii.gz'))).toEqual(
        expect.arrayContaining([0]),
      );

      rmSync(join(mmar(), 'models/model.onnx'));
      await run('export.sh');
      expect(existsSync(join(mmar(), 'models/model.onnx'))).toBe(true);
    },
  );
});

/** The voxel values of the one segmentation in the folder, after making sure that it lies on the image's own grid. */
function segmentedClasses(evalFolder: string, image: string): number[] {
  const file = readdirSync(evalFolder, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('_seg.nii.gz'),
  );
  const read = (path: string): Uint8Array => new Uint8Array(gunzipSync(readFileSync(path)));
  const bytes = read(join(evalFolder, file!));
  const header = unwrap(parseNiftiHeader(bytes));
  const wanted = unwrap(parseNiftiHeader(read(image)));
  expect(header.shape).toEqual(wanted.shape);
  expect(header.sformRows).toEqual(wanted.sformRows);
  return [...new Set(unwrap(readVoxels(header, bytes)))];
}
