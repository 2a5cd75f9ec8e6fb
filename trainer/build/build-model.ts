import type { ComponentNode } from '../../common/mmar/resolved-config.ts';
import type { Inferer } from '../inferers/inferer.ts';
import { infererRegistry } from '../inferers/registry.ts';
import { createSimpleInferer } from '../inferers/simple.ts';
import type { Loss } from '../losses/loss.ts';
import { lossRegistry } from '../losses/registry.ts';
import { LrScheduler } from '../lr-schedulers/lr-scheduler.ts';
import { lrSchedulerRegistry } from '../lr-schedulers/registry.ts';
import type { Network } from '../networks/network.ts';
import { networkRegistry } from '../networks/registry.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import { optimizerRegistry } from '../optimizers/registry.ts';
import type { BuildContext } from './build-context.ts';
import { onlyNode, type Slot } from './slots.ts';

/** What making one component takes. */
type ModelContext = Pick<BuildContext, 'slots' | 'userClasses'>;

/** Names a component, built in or the user's own, and makes it. */
function make<T>(
  { slots, userClasses }: ModelContext,
  node: ComponentNode,
  builtIn: () => T,
  userMade: (classes: ModelContext['userClasses']) => T,
): T {
  return slots.at(node, () => (node.path === undefined ? builtIn() : userMade(userClasses)));
}

export function buildNetwork(context: ModelContext, slot: Slot): Network {
  const node = onlyNode(slot);
  return make(
    context,
    node,
    () => networkRegistry.create(node.name, node.args),
    (classes) => classes.createNetwork(node),
  );
}

export function buildLoss(context: ModelContext, slot: Slot): Loss {
  const node = onlyNode(slot);
  const loss = make(
    context,
    node,
    () => lossRegistry.create(node.name, node.args),
    (classes) => classes.createLoss(node),
  );
  return (logits, label) => context.slots.at(node, () => loss(logits, label));
}

export function buildOptimizer(context: ModelContext, slot: Slot): Optimizer {
  const node = onlyNode(slot);
  return make(
    context,
    node,
    () => optimizerRegistry.create(node.name, node.args),
    (classes) => classes.createOptimizer(node),
  );
}

export function buildInferer(context: ModelContext, slot: Slot): Inferer {
  const node = onlyNode(slot);
  const inferer = make(
    context,
    node,
    () => infererRegistry.create(node.name, node.args),
    (classes) => classes.createInferer(node),
  );
  return { infer: (images, predict) => context.slots.during(node, () => inferer.infer(images, predict)) };
}

/** The network on the whole image at once, where a config names no inferer. */
export const defaultInferer = createSimpleInferer;

/** The schedule of an optimizer's learning rate over `epochs` epochs. */
export function buildLrScheduler(context: ModelContext, slot: Slot, epochs: number): LrScheduler {
  const node = onlyNode(slot);
  const optimizer = context.slots.require(node, 'optimizer', slot.section, 'optimizer', (found) =>
    buildOptimizer(context, found),
  );
  const place = { learningRate: optimizer.learningRate, epochs };
  const schedule = make(
    context,
    node,
    () => lrSchedulerRegistry.create(node.name, node.args, place),
    (classes) => classes.createLrSchedule(node, place),
  );
  return new LrScheduler(schedule);
}
