import { formatFixed } from '../handlers/format-number.ts';
import type { Training } from '../build/training.ts';
import type { Host } from './host.ts';

/**
 * Tries what a training consists of, each part once: the folder for models, checkpoints to load, the first batch with one
 * step, the first case of the validation with one window. The model is as it was before.
 *
 * @throws FaultError for the first thing that does not work
 */
export async function checkTraining(training: Training, modelFolder: string, host: Host): Promise<void> {
  const putBack = training.state.hold();
  try {
    await tryAll(training, modelFolder, host);
  } finally {
    putBack();
  }
}

async function tryAll(training: Training, modelFolder: string, { files, reporter }: Host): Promise<void> {
  const probe = `${modelFolder}/.writable`;
  files.replace(probe, '');
  files.remove(probe);
  for (const handler of training.handlers) handler.tryOut?.();
  const { loss, imageShape } = await training.tryFirstBatch();
  reporter.info(`First batch: images [${imageShape.join(', ')}], loss ${formatFixed(loss)}`);
  if (training.evaluation === undefined) return;
  const { imageShape: caseShape, seconds } = await training.evaluation.tryFirstCase();
  reporter.info(
    `First validation case: image [${caseShape.join(', ')}], ${seconds.toFixed(1)} s for one window`,
  );
}
