import { FaultError } from '../../common/fault.ts';
import type { MmarFiles } from '../files/mmar-files.ts';
import { readTorchFile, TorchFileError } from './torch-file.ts';
import type { TorchValue } from './torch-value.ts';

/**
 * The dict that a checkpoint file holds.
 *
 * @throws FaultError when the file is missing, damaged, or no checkpoint
 */
export function readCheckpoint(files: MmarFiles, path: string): ReadonlyMap<string, TorchValue> {
  const bytes = files.read(path);
  try {
    const value = readTorchFile(bytes);
    if (value instanceof Map) return value as ReadonlyMap<string, TorchValue>;
    throw new TorchFileError('it holds no dict');
  } catch (error) {
    if (!(error instanceof TorchFileError)) throw error;
    throw new FaultError({
      code: 'checkpoint',
      file: files.describe(path),
      message: `The checkpoint cannot be read: ${error.message}.`,
      allowed:
        'a file that torch.save of PyTorch 1.6 or later wrote, with a state dict or {"model": state dict}',
    });
  }
}
