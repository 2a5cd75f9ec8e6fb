import { FaultError } from '../../common/fault.ts';
import type { ComponentNode } from '../../common/mmar/resolved-config.ts';

/** A trainer or an evaluator is this program itself: a config cannot bring its own. */
export function refuseOwnEngine(node: ComponentNode, file: string): void {
  if (node.path === undefined) return;
  throw new FaultError({
    code: 'user-code',
    file,
    path: [...node.at, 'path'],
    component: node.name,
    message: 'An engine cannot be a component of your own; a handler hears all its events.',
    allowed: 'SupervisedTrainer, SupervisedEvaluator',
  });
}
