import { z } from 'zod';

const bytes = z.number().nonnegative();

/** How busy one GPU is; what its driver does not say is left out. */
export const gpuUse = z.object({
  id: z.string().describe('as workers= and CUDA_VISIBLE_DEVICES call it'),
  name: z.string(),
  busy: z.number().min(0).max(1).optional().describe('fraction of the last sample in which it computed'),
  memoryUsedBytes: bytes.optional(),
  memoryTotalBytes: bytes.optional(),
  temperatureCelsius: z.number().optional(),
});
export type GpuUse = z.output<typeof gpuUse>;

/** How busy this machine is. */
export const machineUse = z.object({
  at: z.iso.datetime(),
  cores: z.int().positive(),
  cpuBusy: z.number().min(0).max(1).describe('of all cores, since the sample before'),
  memoryUsedBytes: bytes.describe('what programs cannot have any more'),
  memoryTotalBytes: bytes,
  gpus: z.array(gpuUse),
});
export type MachineUse = z.output<typeof machineUse>;
