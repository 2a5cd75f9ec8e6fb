import { FaultError } from '../../common/fault.ts';
import type { ComponentNode } from '../../common/mmar/resolved-config.ts';
import { userCodeFault } from './load-user-class.ts';

export type Members = Readonly<Record<string, unknown>>;

/** @throws FaultError `user-code` when a method is missing */
export function requireMethods(
  node: ComponentNode,
  object: object,
  kind: string,
  methods: readonly string[],
): object {
  const missing = methods.find((method) => typeof (object as Members)[method] !== 'function');
  if (missing !== undefined) throw incomplete(node, kind, `${missing}()`);
  return object;
}

export const incomplete = (node: ComponentNode, kind: string, member: string): FaultError =>
  new FaultError({
    code: 'user-code',
    message: `"${node.path}" is no ${kind}: it lacks ${member}.`,
    component: node.name,
    allowed: 'the members that docs/byoc.md lists',
  });

/** What a user's method throws is a fault that names it. */
export function guard<T>(node: ComponentNode, method: string, operation: () => T): T {
  try {
    return operation();
  } catch (error) {
    throw asUserFault(node, method, error);
  }
}

/** {@link guard} for a method that takes its time. */
export async function guardAsync<T>(
  node: ComponentNode,
  method: string,
  operation: () => T | Promise<T>,
): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw asUserFault(node, method, error);
  }
}

function asUserFault(node: ComponentNode, method: string, error: unknown): FaultError {
  if (error instanceof FaultError) return error;
  return new FaultError({
    ...userCodeFault(`"${node.path}" failed in ${method}`, error),
    component: node.name,
  });
}
