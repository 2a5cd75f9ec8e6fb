import type { ComponentKind } from '../../common/components/component-spec.ts';
import { FaultError, type Fault } from '../../common/fault.ts';
import type { JsonObject } from '../../common/json.ts';
import { KIND_OF_SLOT } from '../../common/mmar/check-components.ts';
import { resolveReference, type Sections, type SlotAddress } from '../../common/mmar/references.ts';
import {
  componentsOf,
  isExpression,
  isReference,
  type ComponentNode,
  type ConfigValue,
  type SectionName,
} from '../../common/mmar/resolved-config.ts';

/** A config as the builders see it: a train config has two sections, an evaluation config one, called `validate`. */
export interface BuildableConfig {
  readonly file: string;
  readonly sections: Sections;
  readonly json: JsonObject;
}

/** A slot's components, and the section that their own references start from. */
export interface Slot {
  readonly section: SectionName;
  readonly nodes: readonly ComponentNode[];
}

/**
 * Finds what references mean, and builds each slot once, when it is first needed. So the order in which a config lists
 * its components does not matter, and two references to a slot mean the same object.
 */
export class Slots {
  readonly config: BuildableConfig;
  readonly #built = new Map<string, unknown>();

  constructor(config: BuildableConfig) {
    this.config = config;
  }

  /** What `build` makes of the slot that an argument refers to; undefined where the argument is absent or null. */
  follow<T>(
    node: ComponentNode,
    argument: string,
    section: SectionName,
    kind: ComponentKind,
    build: (slot: Slot) => T,
  ): T | undefined {
    const address = this.#addressOf(node, argument, section, kind);
    return address === undefined ? undefined : this.build(address, build);
  }

  /** As {@link follow}, where nothing can be built without it. */
  require<T>(
    node: ComponentNode,
    argument: string,
    section: SectionName,
    kind: ComponentKind,
    build: (slot: Slot) => T,
  ): T {
    const built = this.follow(node, argument, section, kind, build);
    if (built !== undefined) return built;
    throw new FaultError(
      this.fault(node, argument, {
        code: 'missing-argument',
        message: `The argument has to name a ${words(kind)}.`,
      }),
    );
  }

  /** What `build` makes of a slot, the same object each time. */
  build<T>(address: SlotAddress, build: (slot: Slot) => T): T {
    const key = `${address.section}.${address.slot}`;
    if (!this.#built.has(key)) {
      const nodes = componentsOf(this.config.sections[address.section], address.slot);
      this.#built.set(key, build({ section: address.section, nodes }));
    }
    return this.#built.get(key) as T;
  }

  /** A fault at an argument of a component. */
  fault(node: ComponentNode, argument: string, fault: Pick<Fault, 'code' | 'message' | 'allowed'>): Fault {
    return {
      ...fault,
      file: this.config.file,
      path: [...node.at, 'args', argument],
      component: node.name,
      argument,
    };
  }

  /** Runs what makes a component; faults that do not say where they come from get the component's place. */
  at<T>(node: ComponentNode, make: () => T): T {
    try {
      return make();
    } catch (error) {
      if (!(error instanceof FaultError)) throw error;
      throw new FaultError(...error.faults.map((fault) => this.#locate(node, fault)));
    }
  }

  /** As {@link at}, for what a component does later. */
  async during<T>(node: ComponentNode, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      return this.at(node, () => {
        throw error;
      });
    }
  }

  #locate(node: ComponentNode, fault: Fault): Fault {
    if (fault.file !== undefined) return fault;
    const path = fault.argument === undefined ? node.at : [...node.at, 'args', ...fault.argument.split('.')];
    return { component: node.name, path, ...fault, file: this.config.file };
  }

  #addressOf(
    node: ComponentNode,
    argument: string,
    section: SectionName,
    kind: ComponentKind,
  ): SlotAddress | undefined {
    const value: ConfigValue | undefined = node.args[argument];
    if (value === undefined || value === null) return undefined;
    const name = nameOf(value);
    const address = name === undefined ? undefined : resolveReference(this.config.sections, section, name);
    if (address !== undefined && KIND_OF_SLOT[address.slot] === kind) return address;
    const slots = Object.entries(KIND_OF_SLOT).filter(([, slotKind]) => slotKind === kind);
    throw new FaultError(
      this.fault(node, argument, {
        code: 'wrong-argument',
        message: `This is no reference to a ${words(kind)}.`,
        allowed: slots.map(([slot]) => `@${slot}`).join(' or '),
      }),
    );
  }
}

const words = (kind: ComponentKind): string => kind.replaceAll('_', ' ');

function nameOf(value: ConfigValue): string | undefined {
  if (isReference(value)) return value.name;
  if (isExpression(value) && value.expression.form === 'model-parameters') return value.expression.model;
  return undefined;
}

/** The one component of a slot. Alternatives are resolved before, so there is one. */
export function onlyNode({ nodes }: Slot): ComponentNode {
  return nodes[0];
}
