interface AttributeKinds {
  readonly int: number;
  readonly float: number;
  readonly string: string;
  readonly ints: readonly number[];
}

/** A setting of a node that is fixed while the graph is built. */
export type Attribute = {
  [Kind in keyof AttributeKinds]: { readonly kind: Kind; readonly value: AttributeKinds[Kind] };
}[keyof AttributeKinds];

export type Attributes = Readonly<Record<string, Attribute>>;

export const int = (value: number): Attribute => ({ kind: 'int', value });
export const float = (value: number): Attribute => ({ kind: 'float', value });
export const string = (value: string): Attribute => ({ kind: 'string', value });
export const ints = (value: readonly number[]): Attribute => ({ kind: 'ints', value: [...value] });

function read<Kind extends keyof AttributeKinds>(
  attributes: Attributes,
  name: string,
  kind: Kind,
): AttributeKinds[Kind] {
  const attribute = attributes[name];
  if (attribute?.kind !== kind) throw new Error(`there is no attribute "${name}" of kind ${kind}`);
  return attribute.value as AttributeKinds[Kind];
}

/** The setting of that name. Throws when it is missing or of another kind. */
export const readInt = (attributes: Attributes, name: string): number => read(attributes, name, 'int');
export const readFloat = (attributes: Attributes, name: string): number => read(attributes, name, 'float');
export const readInts = (attributes: Attributes, name: string): readonly number[] =>
  read(attributes, name, 'ints');
