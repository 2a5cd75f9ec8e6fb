import { componentNames, findComponent } from '../components/catalogue.ts';
import type { ComponentKind, ComponentSpec } from '../components/component-spec.ts';
import type { Fault } from '../fault.ts';
import { nearestNames } from './nearest-names.ts';
import { parseArguments } from './parse-arguments.ts';
import {
  isComponentNode,
  isExpression,
  isReference,
  type ComponentNode,
  type ConfigSection,
  type ConfigValue,
} from './resolved-config.ts';

/** What kind of component a slot of a trainable config holds. */
export const KIND_OF_SLOT: Readonly<Record<string, ComponentKind>> = {
  model: 'network',
  loss: 'loss',
  optimizer: 'optimizer',
  lr_scheduler: 'lr_scheduler',
  pre_transforms: 'transform',
  post_transforms: 'transform',
  dataset: 'dataset',
  dataloader: 'dataloader',
  inferer: 'inferer',
  handlers: 'handler',
  key_metric: 'metric',
  additional_metrics: 'metric',
  trainer: 'engine',
  evaluator: 'engine',
};

/** Arguments that a config has to wire to another component, by kind or name of the component. */
const NEEDED_WIRES: Readonly<Record<string, readonly string[]>> = {
  optimizer: ['params'],
  lr_scheduler: ['optimizer'],
  dataloader: ['dataset'],
  SupervisedTrainer: ['train_data_loader', 'network', 'loss_function', 'optimizer'],
  SupervisedEvaluator: ['val_data_loader', 'network'],
  LrScheduleHandler: ['lr_scheduler'],
  ValidationHandler: ['validator'],
};

/**
 * Checks every component of a section against the catalogue: known, in a slot of its kind, its arguments right, and
 * wired to what it needs. A user's own component (with `path`) is not looked into.
 */
export function checkComponents(section: ConfigSection, file: string): readonly Fault[] {
  return Object.entries(section).flatMap(([slot, value]) => {
    const nodes = isComponentNode(value) ? [value] : (value as readonly ComponentNode[]);
    return nodes.flatMap((node) => checkComponent(node, file, KIND_OF_SLOT[slot]));
  });
}

/** Checks one component and those nested in its arguments. */
export function checkComponent(node: ComponentNode, file: string, kind?: ComponentKind): readonly Fault[] {
  const nested = nestedComponents(Object.values(node.args)).flatMap((inner) => checkComponent(inner, file));
  if (node.path !== undefined) return nested;
  const spec = findComponent(node.name, kind);
  if (spec === undefined) return [unknownComponent(node, file, kind), ...nested];
  const parsed = parseArguments(node, spec, file);
  return [...(parsed.ok ? [] : parsed.faults), ...findMissingWires(node, spec, file), ...nested];
}

function unknownComponent(node: ComponentNode, file: string, kind: ComponentKind | undefined): Fault {
  const elsewhere = findComponent(node.name);
  const near = nearestNames(node.name, componentNames(kind));
  const names = near.length > 0 ? near : componentNames(kind);
  const reason =
    elsewhere !== undefined && kind !== undefined
      ? `"${node.name}" is no ${kind.replaceAll('_', ' ')}, but a component of another kind (${elsewhere.kind.replaceAll('_', ' ')}).`
      : `There is no ${kind === undefined ? 'component' : kind.replaceAll('_', ' ')} "${node.name}".`;
  const hint = near.length > 0 && elsewhere === undefined ? ` Did you mean ${near.join(' or ')}?` : '';
  return {
    code: 'unknown-component',
    file,
    path: [...node.at, 'name'],
    component: node.name,
    message: `${reason}${hint}`,
    allowed: `${names.join(', ')}, or a component of your own by "path"`,
  };
}

function findMissingWires(node: ComponentNode, spec: ComponentSpec, file: string): readonly Fault[] {
  const needed = NEEDED_WIRES[spec.name] ?? NEEDED_WIRES[spec.kind] ?? [];
  return needed
    .filter((argument) => !isWire(node.args[argument]))
    .map((argument) => ({
      code: node.args[argument] === undefined ? 'missing-argument' : 'wrong-argument',
      file,
      path: [...node.at, 'args', argument],
      component: spec.name,
      argument,
      message: `The argument "${argument}" has to name another component.`,
      allowed:
        argument === 'params' ? '#@model.parameters()' : `a reference such as ${exampleWire(argument)}`,
    }));
}

const isWire = (value: ConfigValue | undefined): boolean =>
  isReference(value) || isExpression(value) || isComponentNode(value);

function exampleWire(argument: string): string {
  const slots: Readonly<Record<string, string>> = {
    train_data_loader: 'dataloader',
    val_data_loader: 'dataloader',
    network: 'model',
    loss_function: 'loss',
    validator: 'evaluator',
  };
  return `@${slots[argument] ?? argument}`;
}

function nestedComponents(values: readonly ConfigValue[]): readonly ComponentNode[] {
  return values.flatMap((value) => {
    if (isComponentNode(value)) return [value];
    if (typeof value !== 'object' || value === null || isReference(value) || isExpression(value)) return [];
    return nestedComponents(Object.values(value) as readonly ConfigValue[]);
  });
}
