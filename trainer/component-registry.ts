import type { z } from 'zod';
import type { ComponentSpec } from '../common/components/component-spec.ts';
import { FaultError, type Fault } from '../common/fault.ts';
import { suggestNames } from '../common/mmar/nearest-names.ts';
import { faultsOfIssues } from '../common/mmar/schema-faults.ts';

/** A built-in component: what configs may say about it, and how it is made from that. */
export interface RegistryEntry<Product, Context> {
  readonly spec: ComponentSpec;
  create(args: unknown, context: Context): Product;
}

/** Makes components of one kind from the names and arguments that configs write. */
export interface ComponentRegistry<Product, Context> {
  /** The names that configs may use, aliases not included. */
  readonly names: readonly string[];
  /** Throws a {@link FaultError} that names the component and the argument when either is unknown or wrong. */
  create(name: string, args: unknown, context: Context): Product;
}

/** An entry whose `create` gets the arguments parsed by the spec, defaults filled in. */
export function registryEntry<Args extends z.ZodObject, Product, Context>(
  spec: ComponentSpec<Args>,
  create: (args: z.output<Args>, context: Context) => Product,
): RegistryEntry<Product, Context> {
  return {
    spec,
    create: (args, context) => {
      const parsed = spec.args.safeParse(args ?? {}, { reportInput: true });
      if (!parsed.success) {
        const place = { path: [], component: spec.name, known: Object.keys(spec.args.shape) };
        throw new FaultError(...faultsOfIssues(parsed.error, place));
      }
      return create(parsed.data, context);
    },
  };
}

export function createRegistry<Product, Context>(
  entries: readonly RegistryEntry<Product, Context>[],
): ComponentRegistry<Product, Context> {
  const byName = new Map(
    entries.flatMap((entry) => [entry.spec.name, ...entry.spec.aliases].map((name) => [name, entry])),
  );
  const names = entries.map((entry) => entry.spec.name);
  return {
    names,
    create(name, args, context) {
      const entry = byName.get(name);
      if (entry === undefined) throw new FaultError(unknownComponent(name, names));
      return entry.create(args, context);
    },
  };
}

function unknownComponent(name: string, names: readonly string[]): Fault {
  return {
    code: 'unknown-component',
    message: `There is no such component.${suggestNames(name, names)}`,
    component: name,
    allowed: names.join(', '),
  };
}
