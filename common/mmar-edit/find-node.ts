import type { JsonPath, JsonStep } from '../json.ts';
import type { ArrayNode, JsonNode, JsonTree, MemberNode, ObjectNode, TextRange } from './json-tree.ts';

/** The member of an object; of a key that stands twice, the last. */
export function findMember(node: JsonNode | undefined, key: string): MemberNode | undefined {
  return node?.kind === 'object' ? node.members.findLast((member) => member.key === key) : undefined;
}

/** The value one step into a node. */
export function stepInto(node: JsonNode | undefined, step: JsonStep): JsonNode | undefined {
  if (node?.kind === 'array') return typeof step === 'number' ? node.items[step] : undefined;
  return findMember(node, String(step))?.value;
}

/** The value at a path. */
export function findNode(tree: JsonTree, path: JsonPath): JsonNode | undefined {
  return path.reduce<JsonNode | undefined>(stepInto, tree.root);
}

/**
 * The text to point at for a path: the value that stands there or, where nothing does, the nearest thing around it: for
 * a component its name, for any other object or list its first character.
 */
export function findRange(tree: JsonTree, path: JsonPath): TextRange {
  let node = tree.root;
  for (const [depth, step] of path.entries()) {
    const next = stepInto(node, step);
    if (next === undefined) {
      const member = findMember(node, String(step));
      if (member !== undefined) return member.keyRange;
      const above = path.slice(0, depth);
      return pointAt(tree, above.at(-1) === 'args' ? above.slice(0, -1) : above);
    }
    node = next;
  }
  return pointAt(tree, path);
}

function pointAt(tree: JsonTree, path: JsonPath): TextRange {
  const node = findNode(tree, path);
  if (node === undefined) return { from: 0, to: 0 };
  if (node.kind === 'scalar') return node;
  const name = findMember(node, 'name')?.value ?? findMember(node, 'path')?.value;
  if (name?.kind === 'scalar') return name;
  const key = path.at(-1);
  const parent = findNode(tree, path.slice(0, -1));
  const member = typeof key === 'string' ? findMember(parent, key) : undefined;
  return member?.keyRange ?? { from: node.from, to: Math.min(node.to, node.from + 1) };
}

/** What an offset of the text is part of. */
export interface TextPlace {
  /** The innermost object, list or value around the offset. */
  readonly path: JsonPath;
  readonly node: JsonNode | undefined;
  /** In an object: the key that the offset stands in, or that a key typed there would be. */
  readonly key?: MemberNode;
  /** True between the members of an object, where a key may be written. */
  readonly isKeyPlace: boolean;
}

/** What stands at an offset, for completion and hover. Its ends belong to a value. */
export function placeAt(tree: JsonTree, offset: number): TextPlace {
  let node = tree.root;
  let path: JsonPath = [];
  for (;;) {
    if (node?.kind === 'object') {
      const member: MemberNode | undefined = memberAt(node, offset);
      if (member === undefined) return { path, node, isKeyPlace: true };
      if (offset <= member.keyRange.to) return { path, node, key: member, isKeyPlace: true };
      path = [...path, member.key];
      if (member.value === undefined || offset < member.value.from)
        return { path, node: undefined, isKeyPlace: false };
      node = member.value;
    } else if (node?.kind === 'array') {
      const { items }: ArrayNode = node;
      const index = items.findIndex(({ from, to }) => offset >= from && offset <= to);
      const before = items.filter(({ to }) => to <= offset).length;
      path = [...path, index < 0 ? before : index];
      if (index < 0) return { path, node: undefined, isKeyPlace: false };
      node = items[index];
    } else return { path, node, isKeyPlace: false };
  }
}

/** A member without a value reaches up to what follows it: somebody is typing the value. */
function memberAt({ members, to, isClosed }: ObjectNode, offset: number): MemberNode | undefined {
  return members.find((member, index) => {
    if (offset < member.from) return false;
    if (member.value !== undefined) return offset <= member.to;
    const next = members[index + 1];
    const end = next === undefined ? (isClosed ? to : Number.MAX_SAFE_INTEGER) : next.from;
    return offset < end;
  });
}
