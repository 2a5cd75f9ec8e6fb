import type { Fault } from '../fault.ts';
import { suggestNames } from './nearest-names.ts';
import {
  isComponentNode,
  isExpression,
  isReference,
  type ComponentNode,
  type ConfigSection,
  type ConfigValue,
  type ResolvedTrainConfig,
  type SectionName,
} from './resolved-config.ts';

/** `@conf`: the resolved config itself. */
export const CONFIG_REFERENCE = 'conf';

/** The sections that names are looked up in. */
export type Sections = Pick<ResolvedTrainConfig, 'train' | 'validate'>;

/** A slot of one section. */
export interface SlotAddress {
  readonly section: SectionName;
  readonly slot: string;
}

/** One use of a name. */
export interface ReferenceUse {
  readonly name: string;
  readonly component: ComponentNode;
  readonly argument: string;
  readonly path: ComponentNode['at'];
}

const otherSection = (section: SectionName): SectionName => (section === 'train' ? 'validate' : 'train');

/**
 * The slot that `@name` means in a section: its own slot of that name first, then that of the other section. So
 * `@pre_transforms` is each section's own list, and the handlers of `train` find `@evaluator` in `validate`.
 */
export function resolveReference(
  sections: Sections,
  from: SectionName,
  name: string,
): SlotAddress | undefined {
  for (const section of [from, otherSection(from)]) {
    const slots = sections[section];
    if (slots !== undefined && Object.hasOwn(slots, name)) return { section, slot: name };
  }
  return undefined;
}

/** Every reference in a component's arguments, those of nested components and `#@model.parameters()` included. */
export function referencesOf(component: ComponentNode): readonly ReferenceUse[] {
  const uses: ReferenceUse[] = [];
  for (const [argument, value] of Object.entries(component.args)) visit(value, argument);
  return uses;

  function visit(value: ConfigValue, argument: string): void {
    if (isReference(value)) uses.push({ name: value.name, component, argument, path: value.at });
    else if (isExpression(value)) {
      const { expression, at: path } = value;
      if (expression.form === 'model-parameters')
        uses.push({ name: expression.model, component, argument, path });
    } else if (isComponentNode(value)) uses.push(...referencesOf(value));
    else if (typeof value === 'object' && value !== null) {
      Object.values(value).forEach((item) => visit(item as ConfigValue, argument));
    }
  }
}

/** References to nothing, and references that lead back to where they started. */
export function findReferenceFaults(sections: Sections, file: string): readonly Fault[] {
  return [...findUnknownReferences(sections, file), ...findReferenceCycles(sections, file)];
}

function findUnknownReferences(sections: Sections, file: string): readonly Fault[] {
  const known = new Set([
    ...Object.keys(sections.train),
    ...Object.keys(sections.validate ?? {}),
    CONFIG_REFERENCE,
  ]);
  return allSlots(sections).flatMap((from) =>
    usesOf(sections, from)
      .filter(
        ({ name }) =>
          name !== CONFIG_REFERENCE && resolveReference(sections, from.section, name) === undefined,
      )
      .map(({ name, component, argument, path }) => ({
        code: 'unknown-reference' as const,
        file,
        path,
        component: component.name,
        argument,
        message: `"@${name}" refers to nothing that is there and enabled.${suggestNames(name, known)}`,
        allowed: [...known].map((slot) => `@${slot}`).join(', '),
      })),
  );
}

function findReferenceCycles(sections: Sections, file: string): readonly Fault[] {
  const label = ({ section, slot }: SlotAddress): string => `${section}.${slot}`;
  const done = new Set<string>();
  const faults: Fault[] = [];
  for (const start of allSlots(sections)) visit(start, []);
  return faults;

  function visit(address: SlotAddress, trail: readonly string[]): void {
    const name = label(address);
    const repeated = trail.indexOf(name);
    if (repeated >= 0) {
      const loop = [...trail.slice(repeated), name].join(' -> ');
      const path = [address.section, address.slot];
      faults.push({
        code: 'reference-cycle',
        file,
        path,
        message: `The references lead in a circle: ${loop}.`,
      });
      return;
    }
    if (done.has(name)) return;
    for (const use of usesOf(sections, address)) {
      const target = resolveReference(sections, address.section, use.name);
      if (target !== undefined) visit(target, [...trail, name]);
    }
    done.add(name);
  }
}

function allSlots(sections: Sections): readonly SlotAddress[] {
  const slotsOf = (section: SectionName): SlotAddress[] =>
    Object.keys(sections[section] ?? {}).map((slot) => ({ section, slot }));
  return [...slotsOf('train'), ...slotsOf('validate')];
}

function usesOf(sections: Sections, { section, slot }: SlotAddress): readonly ReferenceUse[] {
  const value: ConfigSection[string] | undefined = sections[section]?.[slot];
  if (value === undefined) return [];
  return (isComponentNode(value) ? [value] : (value as readonly ComponentNode[])).flatMap(referencesOf);
}
