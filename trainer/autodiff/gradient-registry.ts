import { GRADIENT_RULES } from './gradient-list.ts';
import type { GradientRule } from './gradient-rule.ts';
import { NON_DIFFERENTIABLE } from './non-differentiable.ts';

const rules = new Map<string, GradientRule>();
for (const rule of GRADIENT_RULES) {
  if (rules.has(rule.opType) || NON_DIFFERENTIABLE.has(rule.opType))
    throw new Error(`"${rule.opType}" has two gradients`);
  rules.set(rule.opType, rule);
}

/** True for an operation that ends gradients on purpose. */
export const stopsGradient = (opType: string): boolean => NON_DIFFERENTIABLE.has(opType);

/** The rule of an operation. Throws when it has none. */
export function gradientRule(opType: string): GradientRule {
  const rule = rules.get(opType);
  if (rule === undefined) throw new Error(`there is no gradient for the operation "${opType}"`);
  return rule;
}
