import type { ResolvedTrainConfig } from '../../common/mmar/resolved-config.ts';
import { componentOf } from '../../common/mmar/resolved-config.ts';
import { NO_SCORE } from '../../common/mmar/train-stats.ts';
import { buildNetwork } from '../build/build-model.ts';
import { Slots } from '../build/slots.ts';
import type { Network } from '../networks/network.ts';
import { UserClasses } from '../user-code/user-classes.ts';
import type { ExportOptions } from './arguments.ts';
import { describeFailure } from './describe-failure.ts';
import { EXIT_CODE, type ExitCode } from './exit-code.ts';
import type { Host } from './host.ts';
import { loadTrainConfig } from './load-config.ts';
import { createLoadedState, readCheckpointModel } from './load-model.ts';
import { writeOnnx } from './write-onnx.ts';

/** Writes the network of a checkpoint with its weights as an ONNX file. */
export async function exportModel(options: ExportOptions, host: Host): Promise<ExitCode> {
  const { files, reporter } = host;
  const { modelPath, outputPath } = options;
  try {
    const config = loadTrainConfig(files, options);
    const { checkpoint, node } = readCheckpointModel(files, modelPath, () => config.json);
    const userClasses = await UserClasses.load([node], {
      mmarRoot: files.root,
      trusted: options.trusted,
      ...(options.codeDigest !== undefined && { codeDigest: options.codeDigest }),
      configFile: config.file,
    });
    const slots = new Slots({ file: config.file, sections: config, json: config.json });
    const network = buildNetwork({ slots, userClasses }, { section: 'train', nodes: [node] });
    const state = createLoadedState(files, modelPath, network, checkpoint);
    writeOnnx(files, outputPath, network, state, options.inputShape ?? windowOf(config, network));
    reporter.info(`Exported ${files.describe(modelPath)} to ${files.describe(outputPath)}`);
    reporter.send({ type: 'finished', status: 'completed', bestMetric: NO_SCORE });
    return EXIT_CODE.completed;
  } catch (error) {
    const { status, reason, faults, exitCode, stack } = describeFailure(error, files);
    if (stack !== undefined) reporter.error(stack);
    reporter.error(`Export ${status}: ${reason}`);
    reporter.send({ type: 'finished', status, bestMetric: NO_SCORE, reason, faults: [...faults] });
    return exitCode;
  }
}

/** The window of the config's validation, where it has a fixed size. */
function windowOf({ validate }: ResolvedTrainConfig, network: Network): readonly number[] | undefined {
  const roi = componentOf(validate, 'inferer')?.args.roi_size;
  const sizes = typeof roi === 'number' ? network.divisibleBy.map(() => roi) : roi;
  const isFixed = Array.isArray(sizes) && sizes.every((size) => typeof size === 'number' && size > 0);
  return isFixed ? [1, network.inChannels, ...(sizes as readonly number[])] : undefined;
}
