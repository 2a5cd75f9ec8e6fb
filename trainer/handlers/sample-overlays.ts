import zlib from 'node:zlib';
import { FaultError } from '../../common/fault.ts';
import { encodePng, type RgbPicture } from '../../common/imaging/encode-png.ts';
import { SAMPLE_FILES, SAMPLES_FOLDER } from '../../common/mmar/sample-overlays.ts';
import type { Handler, Log } from '../engines/engine.ts';
import type { MmarFiles } from '../files/mmar-files.ts';
import { drawSample } from '../samples/draw-sample.ts';

/**
 * Keeps pictures of the first cases of the best validation so far, with truth and prediction over them, in `samples/` of the
 * model folder. Cases that are no segmentations have none. What cannot be written is a warning: a training does not fail for a
 * picture.
 */
export function createSampleOverlays(files: MmarFiles, modelFolder: string): Handler {
  const folder = `${modelFolder}/${SAMPLES_FOLDER}`;
  return {
    name: 'SampleOverlays',
    attach(engine) {
      let pictures: (RgbPicture | undefined)[] = [];
      let bestBefore = NaN;
      engine.on('EPOCH_STARTED', () => {
        const { bestMetric, bestMetricEpoch } = engine.state;
        pictures = [];
        bestBefore = bestMetric;
        // those that an earlier training left are not of this one
        if (bestMetricEpoch < 0) warnOfFaults(engine.log, () => removeAll(files, folder));
      });
      engine.on('ITERATION_COMPLETED', () => {
        const wanted = engine.state.output.items.slice(0, SAMPLE_FILES.length - pictures.length);
        pictures.push(...wanted.map(drawSample));
      });
      engine.on('EPOCH_COMPLETED', () => {
        if (engine.state.bestMetric > bestBefore)
          warnOfFaults(engine.log, () => writeAll(files, folder, pictures));
        pictures = [];
      });
    },
  };
}

function removeAll(files: MmarFiles, folder: string): void {
  for (const name of SAMPLE_FILES) files.remove(`${folder}/${name}`);
}

function writeAll(files: MmarFiles, folder: string, pictures: readonly (RgbPicture | undefined)[]): void {
  pictures.forEach((picture, index) => {
    if (picture !== undefined) files.replace(`${folder}/${SAMPLE_FILES[index]!}`, encodePng(picture, zlib));
  });
}

function warnOfFaults(log: Log, act: () => void): void {
  try {
    act();
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    const [fault] = error.faults;
    log.warning(`There is no new sample picture: ${fault!.file ?? SAMPLES_FOLDER}: ${fault!.message}`);
  }
}
