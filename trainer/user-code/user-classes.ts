import { FaultError } from '../../common/fault.ts';
import {
  isComponentNode,
  isExpression,
  isReference,
  type ComponentNode,
  type ConfigValue,
} from '../../common/mmar/resolved-config.ts';
import type { Handler } from '../engines/engine.ts';
import type { Inferer } from '../inferers/inferer.ts';
import type { Loss } from '../losses/loss.ts';
import type { LrSchedule, LrScheduleContext } from '../lr-schedulers/lr-schedule.ts';
import type { Metric } from '../metrics/metric.ts';
import type { Network } from '../networks/network.ts';
import type { Optimizer } from '../optimizers/optimizer.ts';
import type { Transform } from '../transforms/transform.ts';
import { asHandler, asLoss, asMetric, asNetwork, asTransform } from './adapt-user-objects.ts';
import { asDataLoader, asDataset, type UserDataLoader, type UserDataset } from './adapt-user-data.ts';
import { asInferer, asLrSchedule, asOptimizer } from './adapt-user-training.ts';
import { constructUserObject, loadUserClass, type UserClass } from './load-user-class.ts';
import { CUSTOM_FOLDER, openUserCode } from './list-user-code.ts';
import { locateUserClass } from './locate-user-class.ts';
import { toolkit } from './toolkit.ts';

export interface UserCodeOptions {
  readonly mmarRoot: string;
  /** Whether the user said that this MMAR's code may run. */
  readonly trusted: boolean;
  /** The digest of the code that is trusted; whatever is there when left out. */
  readonly codeDigest?: string;
  /** Name of the config file, for messages. */
  readonly configFile: string;
}

/** Arguments by which a config wires components of these kinds, as PyTorch's are wired. */
export const WIRES = {
  optimizer: ['params'],
  lrSchedule: ['optimizer'],
  dataset: ['data', 'transform'],
  // the trainer has the threads
  dataLoader: ['dataset', 'num_workers', 'prefetch_factor'],
} as const;

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
    if (own.length > 0) refuseOtherCode(options);
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

  createOptimizer(node: ComponentNode): Optimizer {
    return asOptimizer(node, this.#construct(node, WIRES.optimizer));
  }

  createLrSchedule(node: ComponentNode, context: LrScheduleContext): LrSchedule {
    return asLrSchedule(node, this.#construct(node, WIRES.lrSchedule), context);
  }

  createInferer(node: ComponentNode): Inferer {
    return asInferer(node, this.#construct(node));
  }

  createDataset(node: ComponentNode): UserDataset {
    return asDataset(node, this.#construct(node, WIRES.dataset));
  }

  createDataLoader(node: ComponentNode): UserDataLoader {
    return asDataLoader(node, this.#construct(node, WIRES.dataLoader));
  }

  /** @param wires arguments that lead to other components, which the trainer follows itself */
  #construct(node: ComponentNode, wires: readonly string[] = []): object {
    const userClass = this.#classes.get(node.path!);
    if (userClass === undefined) throw new Error(`${node.path} was not loaded`);
    return constructUserObject({ path: node.path! }, userClass, plainArguments(node, wires), toolkit);
  }
}

/** The arguments without what the trainer itself reads; references have no meaning in a user's class. */
export function plainArguments(
  node: ComponentNode,
  wires: readonly string[] = [],
): Readonly<Record<string, unknown>> {
  const read = ['output_transform', ...wires];
  const args = Object.fromEntries(Object.entries(node.args).filter(([argument]) => !read.includes(argument)));
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

/** Between the decision and this process somebody may have changed the files. */
function refuseOtherCode({ mmarRoot, codeDigest }: UserCodeOptions): void {
  if (codeDigest === undefined || openUserCode(mmarRoot).digest === codeDigest) return;
  throw new FaultError({
    code: 'not-trusted',
    file: CUSTOM_FOLDER,
    message: 'The code in custom/ is another than the code that was trusted.',
    allowed: 'a new start, after a new look at the code',
  });
}

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
