import type { ComponentNode } from '../../common/mmar/resolved-config.ts';
import type { UserClassLocation } from '../user-code/locate-user-class.ts';
import { Compose } from './compose.ts';
import { buildTransform } from './registry.ts';
import type { Transform } from './transform.ts';

/** A transform that is still to be built, as plain data: it can be sent to another thread and built there. */
export interface TransformDefinition {
  /** Class name, e.g. `Spacingd`. */
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Where the class is, for one of the user's own. Whoever defines it has made sure that its code is trusted. */
  readonly userClass?: UserClassLocation;
  /** The class is a data set, whose `load` makes an item of a case. */
  readonly isCaseLoader?: boolean;
}

/** Builds a chain. Faults: those of the registry, and of loading the user's classes. */
export async function buildTransforms(definitions: readonly TransformDefinition[]): Promise<Compose> {
  const transforms: Transform[] = [];
  for (const definition of definitions) {
    const { name, args, userClass } = definition;
    transforms.push(
      userClass === undefined ? buildTransform(name, args) : await buildUserTransform(definition, userClass),
    );
  }
  return new Compose(transforms);
}

/** Loads the user's class; what it needs is imported only when a config has one, so that workers start fast. */
async function buildUserTransform(
  { name, args, isCaseLoader = false }: TransformDefinition,
  location: UserClassLocation,
): Promise<Transform> {
  const [{ asTransform }, { asCaseLoader }, { constructUserObject, loadUserClass }, { toolkit }] =
    await Promise.all([
      import('../user-code/adapt-user-objects.ts'),
      import('../user-code/adapt-user-data.ts'),
      import('../user-code/load-user-class.ts'),
      import('../user-code/toolkit.ts'),
    ]);
  const userClass = await loadUserClass(location);
  const node: ComponentNode = {
    kind: 'component',
    name,
    path: location.path,
    args: {},
    attributes: {},
    at: [],
  };
  const object = constructUserObject(location, userClass, args, toolkit);
  return isCaseLoader ? asCaseLoader(node, object) : asTransform(node, object);
}
