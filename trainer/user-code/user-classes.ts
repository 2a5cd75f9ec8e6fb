import { FaultError } from '../../common/fault.ts';
import {
  isComponentNode,
  isExpression,
  isReference,
  type ComponentNode,
  type ConfigValue,
} from '../../common/mmar/resolved-config.ts';
import type { Handler } from '../engines/engine.ts';
import type { Loss } from '../losses/loss.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Network } from '../networks/network.ts';
import type { Transform } from '../transforms/transform.ts';
import { asHandler, asLoss, asMetric, asNetwork, asTransform } from './adapt-user-objects.ts';
import { constructUserObject, loadUserClass, type UserClass } from './load-user-class.ts';
import { locateUserClass } from './locate-user-class.ts';
import { toolkit } from './toolkit.ts';

export interface UserCodeOptions {
  readonly mmarRoot: string;
  /** Whether the user said that this MMAR's code may run. */
  readonly trusted: boolean;
  /** Name of the config file, for messages. */
  readonly configFile: string;
}

/** The classes of an MMAR's `custom/` that a config names by `path`, loaded and ready to be constructed. */
export class UserClasses {
  readonly #classes: ReadonlyMap<string, UserClass>;

  private constructor(classes: ReadonlyMap<string, UserClass>) {
    this.#classes = classes;
  }

  /**
   * Loads every class that the components name. Without trust nothing is loaded.
   *
   * @throws FaultError: `not-trusted` when there is any and the user did not say so, `user-code` when one cannot be loaded
   */
  static async load(nodes: readonly ComponentNode[], options: UserCodeOptions): Promise<UserClasses> {
    const own = nodes.filter((node) => node.path !== undefined);
    if (!options.trusted && own.length > 0)
      throw new FaultError(...own.map((node) => notTrusted(node, options)));
    const classes = new Map<string, UserClass>();
    for (const node of own) {
      if (classes.has(node.path!)) continue;
      classes.set(
        node.path!,
        await atNode(node, options, () => loadUserClass(locateUserClass(node.path!, options.mmarRoot))),
      );
    }
    return new UserClasses(classes);
  }

  createNetwork(node: ComponentNode): Network {
    return asNetwork(node, this.#construct(node));
  }

  createLoss(node: ComponentNode): Loss {
    return asLoss(node, this.#construct(node));
  }

  createMetric(node: ComponentNode): Metric {
    return asMetric(node, this.#construct(node));
  }

  createHandler(node: ComponentNode): Handler {
    return asHandler(node, this.#construct(node));
  }

  createTransform(node: ComponentNode): Transform {
    return asTransform(node, this.#construct(node));
  }

  /** For kinds of components that cannot be the user's own. */
  refuse(node: ComponentNode, kind: string): never {
    throw new FaultError({
      code: 'user-code',
      message: `"${node.path}": a ${kind} cannot be a component of your own.`,
      component: node.name,
      allowed: 'transforms, networks, losses, metrics and handlers by "path"',
    });
  }

  #construct(node: ComponentNode): object {
    const userClass = this.#classes.get(node.path!);
    if (userClass === undefined) throw new Error(`${node.path} was not loaded`);
    return constructUserObject({ path: node.path! }, userClass, plainArguments(node), toolkit);
  }
}

/** The arguments without what the trainer itself reads; references have no meaning in a user's class. */
export function plainArguments(node: ComponentNode): Readonly<Record<string, unknown>> {
  const { output_transform: _, ...args } = node.args;
  for (const [argument, value] of Object.entries(args)) {
    if (isPlain(value)) continue;
    throw new FaultError({
      code: 'wrong-argument',
      message: 'A component of your own gets plain values.',
      component: node.name,
      argument,
      allowed: 'numbers, text, booleans, lists and objects of these',
    });
  }
  return args;
}

function isPlain(value: ConfigValue): boolean {
  if (isReference(value) || isExpression(value) || isComponentNode(value)) return false;
  if (typeof value !== 'object' || value === null) return true;
  return Object.values(value).every((item) => isPlain(item as ConfigValue));
}

const notTrusted = (node: ComponentNode, { configFile }: UserCodeOptions) => ({
  code: 'not-trusted' as const,
  file: configFile,
  path: [...node.at, 'path'],
  component: node.name,
  message: `"${node.path}" is code that came with the MMAR, and this MMAR is not trusted: code may do anything that you may do. Read custom/ first.`,
  allowed: 'the same command with --trust',
});

async function atNode<T>(
  node: ComponentNode,
  { configFile }: UserCodeOptions,
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    const place = { file: configFile, path: [...node.at, 'path'], component: node.name };
    throw new FaultError(...error.faults.map((fault) => ({ ...place, ...fault })));
  }
}
