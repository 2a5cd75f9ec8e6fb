import type { Json } from '../json.ts';

/** Where something stands in a text: from the first character up to, not with, `to`. */
export interface TextRange {
  readonly from: number;
  readonly to: number;
}

/** A JSON value as it stands in a text. */
export type JsonNode = ObjectNode | ArrayNode | ScalarNode;

export interface ObjectNode extends TextRange {
  readonly kind: 'object';
  readonly members: readonly MemberNode[];
  /** False where the closing brace is missing. */
  readonly isClosed: boolean;
}

export interface ArrayNode extends TextRange {
  readonly kind: 'array';
  readonly items: readonly JsonNode[];
  /** False where the closing bracket is missing. */
  readonly isClosed: boolean;
}

export interface ScalarNode extends TextRange {
  readonly kind: 'scalar';
  readonly value: null | boolean | number | string;
}

/** A key of an object with its value; the range is that of both. */
export interface MemberNode extends TextRange {
  readonly key: string;
  readonly keyRange: TextRange;
  /** Undefined while somebody is still typing it. */
  readonly value: JsonNode | undefined;
}

/** Something that keeps a text from being JSON. */
export interface SyntaxProblem extends TextRange {
  readonly message: string;
}

/** A text read as JSON as far as that goes. */
export interface JsonTree {
  /** Undefined for a text without any value. */
  readonly root: JsonNode | undefined;
  /** Empty for a text that is JSON; in the order of the text. */
  readonly problems: readonly SyntaxProblem[];
}

/** The value of a node. Keys without a value are left out; of a key that stands twice the last one counts. */
export function valueOf(node: JsonNode): Json {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'array') return node.items.map(valueOf);
  return Object.fromEntries(
    node.members.flatMap(({ key, value }) => (value === undefined ? [] : [[key, valueOf(value)]])),
  );
}
