import type { Fault } from '../../../common/fault.ts';
import {
  componentOf,
  componentsOf,
  type ComponentNode,
  type ResolvedTrainConfig,
} from '../../../common/mmar/resolved-config.ts';

/** What a config is checked for: one training, or a search, which needs a score from every job. */
export type CheckPurpose = 'train' | 'search';

/** Where a finding goes: a fault stops, a warning is only said. */
export interface Findings {
  readonly faults: Fault[];
  readonly warnings: Fault[];
}

export const noFindings = (): Findings => ({ faults: [], warnings: [] });

/**
 * Finds a validation that would never run, or would give no score. A training without any is allowed, and said; a
 * search without scores is not.
 *
 * @param iterationsPerEpoch batches of the training data; undefined where they are not known
 */
export function checkValidation(
  config: ResolvedTrainConfig,
  purpose: CheckPurpose,
  iterationsPerEpoch: number | undefined,
): Findings {
  const findings = noFindings();
  const { file } = config;
  const report = (fault: Fault): void =>
    void (purpose === 'search' ? findings.faults : findings.warnings).push(fault);
  const handler = componentsOf(config.train, 'handlers').find(({ name }) => name === 'ValidationHandler');
  if (handler === undefined) {
    report(noValidation(file, purpose));
    return findings;
  }
  const never = findNeverRuns(config, handler, iterationsPerEpoch);
  if (never !== undefined) findings.faults.push(never);
  const evaluator = componentOf(config.validate, 'evaluator');
  if (evaluator !== undefined && evaluator.args.key_val_metric === undefined)
    report(noKeyMetric(file, evaluator));
  return findings;
}

function findNeverRuns(
  config: ResolvedTrainConfig,
  handler: ComponentNode,
  iterationsPerEpoch: number | undefined,
): Fault | undefined {
  const interval = handler.args.interval;
  const epochs = componentOf(config.train, 'trainer')?.args.max_epochs;
  if (typeof interval !== 'number' || typeof epochs !== 'number') return undefined;
  const countsEpochs = handler.args.epoch_level !== false;
  if (!countsEpochs && iterationsPerEpoch === undefined) return undefined;
  const total = countsEpochs ? epochs : epochs * iterationsPerEpoch!;
  if (interval <= total) return undefined;
  const unit = countsEpochs ? 'epochs' : 'steps';
  return {
    code: 'validation-never-runs',
    file: config.file,
    path: [...handler.at, 'args', 'interval'],
    component: 'ValidationHandler',
    argument: 'interval',
    message: `The validation would never run: every ${interval} ${unit}, but the training has ${total}.`,
    allowed: `at most ${total}, or more epochs`,
  };
}

function noValidation(file: string, purpose: CheckPurpose): Fault {
  return {
    code: 'validation-never-runs',
    file,
    path: ['train', 'handlers'],
    message:
      purpose === 'search'
        ? 'Nothing validates the model, so no job would have a score.'
        : 'Nothing validates the model, so no best model is kept.',
    allowed: 'a ValidationHandler with "validator": "@evaluator"',
  };
}

function noKeyMetric(file: string, evaluator: ComponentNode): Fault {
  return {
    code: 'validation-never-runs',
    file,
    path: [...evaluator.at, 'args', 'key_val_metric'],
    component: evaluator.name,
    argument: 'key_val_metric',
    message: 'The validation has no key metric, so there is no score.',
    allowed: '@key_metric, with a "key_metric" in the validate section',
  };
}
