import {
  checkpointLoaderSpec,
  checkpointSaverSpec,
  lrScheduleHandlerSpec,
  metricsSaverSpec,
  statsHandlerSpec,
  tensorBoardStatsHandlerSpec,
  validationHandlerSpec,
  type ValidationHandlerArgs,
} from '../../common/components/handlers.ts';
import type { ComponentSpec } from '../../common/components/component-spec.ts';
import { FaultError, unwrap } from '../../common/fault.ts';
import type { JsonPath } from '../../common/json.ts';
import { CONFIG_REFERENCE } from '../../common/mmar/references.ts';
import { parseArguments } from '../../common/mmar/parse-arguments.ts';
import { isReference, type ComponentNode, type ConfigValue } from '../../common/mmar/resolved-config.ts';
import type { z } from 'zod';
import type { Saveable } from '../checkpoint/saveable.ts';
import type { Handler } from '../engines/engine.ts';
import type { SupervisedEvaluator } from '../engines/supervised-evaluator.ts';
import { createCheckpointLoader } from '../handlers/checkpoint-loader.ts';
import { CheckpointSaver } from '../handlers/checkpoint-saver.ts';
import { createLrScheduleHandler } from '../handlers/lr-schedule-handler.ts';
import { createMetricsSaver } from '../handlers/metrics-saver.ts';
import { createStatsHandler } from '../handlers/stats-handler.ts';
import { createTensorBoardStatsHandler } from '../handlers/tensorboard-stats-handler.ts';
import { createValidationHandler } from '../handlers/validation-handler.ts';
import type { LrScheduler } from '../lr-schedulers/lr-scheduler.ts';
import type { BuildContext } from './build-context.ts';
import { makePortable } from './portable-config.ts';
import type { Slot } from './slots.ts';

/** What handlers refer to. */
export interface HandlerPartners {
  /** By slot: what a checkpoint can hold of it. */
  readonly saveables: Readonly<Record<string, () => Saveable>>;
  readonly buildEvaluator: (slot: Slot) => SupervisedEvaluator;
  readonly buildLrScheduler: (slot: Slot) => LrScheduler;
  /** Throws a fault when a validation at this interval never comes. */
  readonly checkInterval: (args: ValidationHandlerArgs) => void;
}

type MakeHandler = (node: ComponentNode, section: Slot['section']) => Handler;

/** The handlers of a slot, in their order. */
export function buildHandlers(
  context: BuildContext,
  { nodes, section }: Slot,
  partners: HandlerPartners,
): readonly Handler[] {
  const makers = handlerMakers(context, partners);
  return nodes.map((node) =>
    context.slots.at(node, () => {
      if (node.path !== undefined) return context.userClasses.createHandler(node);
      const make = makers[node.name];
      if (make !== undefined) return make(node, section);
      throw new FaultError({
        code: 'unknown-component',
        message: 'There is no such handler.',
        component: node.name,
        allowed: Object.keys(makers).join(', '),
      });
    }),
  );
}

function handlerMakers(
  context: BuildContext,
  partners: HandlerPartners,
): Readonly<Record<string, MakeHandler>> {
  const { slots, files } = context;
  const parse = <Args extends z.ZodObject>(node: ComponentNode, spec: ComponentSpec<Args>): z.output<Args> =>
    unwrap(parseArguments(node, spec, slots.config.file));
  const saveables = (node: ComponentNode, argument: string): Readonly<Record<string, Saveable>> =>
    buildSaveables(context, node, argument, partners);
  return {
    StatsHandler: (node) => createStatsHandler(parse(node, statsHandlerSpec)),
    TensorBoardStatsHandler: (node) =>
      createTensorBoardStatsHandler(parse(node, tensorBoardStatsHandlerSpec), {
        openEventWriter: context.openEventWriter,
        configText: JSON.stringify(makePortable(slots.config.json, files), null, 2),
      }),
    CheckpointLoader: (node) =>
      createCheckpointLoader(parse(node, checkpointLoaderSpec), {
        files,
        saveables: saveables(node, 'load_dict'),
      }),
    CheckpointSaver: (node) =>
      new CheckpointSaver(parse(node, checkpointSaverSpec), {
        files,
        saveables: saveables(node, 'save_dict'),
      }),
    LrScheduleHandler: (node, section) =>
      createLrScheduleHandler(
        parse(node, lrScheduleHandlerSpec),
        slots.require(node, 'lr_scheduler', section, 'lr_scheduler', partners.buildLrScheduler),
      ),
    ValidationHandler: (node, section) => {
      const args = parse(node, validationHandlerSpec);
      partners.checkInterval(args);
      const evaluator = slots.require(node, 'validator', section, 'engine', partners.buildEvaluator);
      return createValidationHandler(args, evaluator);
    },
    MetricsSaver: (node, section) =>
      createMetricsSaver(parse(node, metricsSaverSpec), { files, nameCase: context.data.caseNamer(section) }),
  };
}

/** What `save_dict` or `load_dict` names. */
function buildSaveables(
  { slots }: BuildContext,
  node: ComponentNode,
  argument: string,
  { saveables }: HandlerPartners,
): Readonly<Record<string, Saveable>> {
  const entries = namedValues(node.args[argument], node.at).map(([key, value]) => {
    const name = isReference(value) ? value.name : undefined;
    const found = name === undefined ? undefined : saveables[name];
    if (found !== undefined && !(argument === 'load_dict' && name === CONFIG_REFERENCE))
      return [key, found()] as const;
    throw new FaultError(
      slots.fault(node, argument, {
        code: 'wrong-argument',
        message: `"${key}" is nothing that a checkpoint can hold here.`,
        allowed: Object.keys(saveables)
          .filter((slot) => argument === 'save_dict' || slot !== CONFIG_REFERENCE)
          .map((slot) => `@${slot}`)
          .join(', '),
      }),
    );
  });
  return Object.fromEntries(entries);
}

/** `{"model": "@model"}`, or the names alone as in Clara 4.0, where `train_conf` means the config. */
function namedValues(
  value: ConfigValue | undefined,
  at: JsonPath,
): readonly (readonly [string, ConfigValue])[] {
  if (!Array.isArray(value)) return Object.entries((value ?? {}) as Readonly<Record<string, ConfigValue>>);
  return (value as readonly string[]).map((key) => {
    const name = key === 'train_conf' ? CONFIG_REFERENCE : key;
    return [key, { kind: 'reference', name, at }] as const;
  });
}
