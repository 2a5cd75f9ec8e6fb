import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/**
 * How much memory training steps need, beside what is estimated before them: `npm run bench:memory`. Each case runs in a process of
 * its own; used is the largest resident memory less what the process had before it made the step.
 */
const UNET = { channels: [16, 32, 64], strides: [2, 2], out_channels: 3 };
const CLARA = { channels: [16, 32, 64, 128, 256], strides: [2, 2, 2, 2], out_channels: 2 };
const cases: readonly (readonly [string, object, string])[] = [
  ['UNet', { ...UNET, spatial_dims: 3, num_res_units: 2 }, '1x48x64x48'],
  ['UNet', { ...UNET, spatial_dims: 3, num_res_units: 2 }, '4x48x64x48'],
  ['UNet', { ...UNET, spatial_dims: 3, num_res_units: 2 }, '1x96x96x96'],
  ['UNet', { ...UNET, spatial_dims: 3, norm: 'batch' }, '2x64x64x64'],
  ['UNet', { ...UNET, spatial_dims: 2, num_res_units: 2 }, '4x512x512'],
  ['UNet', { ...CLARA, spatial_dims: 3, num_res_units: 2 }, '1x96x96x96'],
  ['UNet', { ...CLARA, spatial_dims: 3, num_res_units: 2 }, '2x64x64x64'],
  ['SegResNet', { init_filters: 8 }, '2x64x64x64'],
  ['SegResNet', { init_filters: 16 }, '1x64x64x64'],
  ['SegResNet', { init_filters: 8 }, '1x96x96x96'],
];

const inMib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`.padStart(9);

for (const [name, args, shape] of cases) {
  const program = join(import.meta.dirname, 'step.ts');
  const answer = execFileSync(process.execPath, [program, name, JSON.stringify(args), shape], {
    encoding: 'utf8',
  });
  const { leastBytes, mostBytes, usedBytes } = JSON.parse(answer) as Record<string, number>;
  const verdict = usedBytes! < leastBytes! * 0.95 || usedBytes! > mostBytes! * 1.05 ? 'OUTSIDE' : 'within';
  console.log(
    `${inMib(usedBytes!)} used, ${verdict} ${inMib(leastBytes!)} to ${inMib(mostBytes!)}  ${name} ${shape} ${JSON.stringify(args)}`,
  );
}
