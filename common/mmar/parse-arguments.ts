import type { z } from 'zod';
import type { ComponentSpec } from '../components/component-spec.ts';
import { fail, succeed, type Result } from '../fault.ts';
import type { ComponentNode } from './resolved-config.ts';
import { faultsOfIssues } from './schema-faults.ts';

/**
 * A component's arguments as its spec has them: checked, defaults filled in; references and expressions stay what
 * they are. Each fault names component, argument and place, and what is allowed.
 */
export function parseArguments<Args extends z.ZodObject>(
  node: ComponentNode,
  spec: ComponentSpec<Args>,
  file?: string,
): Result<z.output<Args>> {
  const parsed = spec.args.safeParse(node.args, { reportInput: true });
  if (parsed.success) return succeed(parsed.data);
  const place = {
    ...(file === undefined ? {} : { file }),
    path: [...node.at, 'args'],
    component: spec.name,
    shape: spec.args.shape as Readonly<Record<string, z.ZodType>>,
  };
  return fail(...faultsOfIssues(parsed.error, place));
}
