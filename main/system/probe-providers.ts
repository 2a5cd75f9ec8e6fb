import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { providerState } from '../../common/api/system.ts';
import { redactUser } from '../library/describe-place.ts';

const run = promisify(execFile);
const TIMEOUT_MS = 20_000;

const report = z.object({ onnxruntime: z.string(), providers: z.array(providerState) });

/** What ONNX Runtime can compute on here, or why it could not be asked. */
export type ProviderProbe =
  z.output<typeof report> | { readonly onnxruntime?: undefined; readonly problem: string };

/**
 * Asks the trainer's own ONNX Runtime, in a process of its own: main never loads it.
 *
 * @param node absolute path of the Node that trainers run under
 * @param program absolute path of describe-providers
 */
export async function probeProviders(
  node: string = process.execPath,
  program: string = join(import.meta.dirname, '../../trainer/describe-providers.ts'),
): Promise<ProviderProbe> {
  try {
    const { stdout } = await run(node, [program], { timeout: TIMEOUT_MS, windowsHide: true });
    return report.parse(JSON.parse(stdout));
  } catch (error) {
    const lines = (error instanceof Error ? error.message : String(error)).split('\n');
    return { problem: redactUser(lines.find((line) => line.includes('Error')) ?? lines[0] ?? '') };
  }
}
