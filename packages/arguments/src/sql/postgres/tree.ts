import { UnsupportedSyntax } from '../unsupported.ts';

/** The members of one node of the parser's tree. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a field of a node is: not looked at, a node, a list of nodes, a type name, or the members of a node of a known tag. */
export type FieldReading = 'skip' | 'node' | 'nodes' | 'type' | { readonly tag: string };

/** The only node types that are known, and of each the only fields. */
export type NodeShape = Readonly<Record<string, FieldReading>>;

/** The tag and the members of a node, which the tree writes as `{ Tag: { … } }`. */
export function open(node: unknown): readonly [tag: string, fields: Fields] {
  const tag = tagOf(node);
  return [tag, fieldsOf((node as Fields)[tag])];
}

function tagOf(node: unknown): string {
  let found: string | undefined;
  if (typeof node === 'object' && node !== null && !Array.isArray(node)) {
    // Quicker than a list of the keys: this runs for every node.
    for (const tag in node) {
      if (found !== undefined) throw new UnsupportedSyntax('a tree of unknown form');
      found = tag;
    }
  }
  if (found === undefined) throw new UnsupportedSyntax('a tree of unknown form');
  return found;
}

export function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UnsupportedSyntax('a tree of unknown form');
  }
  return value as Fields;
}

/** Refuses a node with a field that is not among the known ones: what is not known may do anything. */
export function expectFields(tag: string, fields: Fields, known: ReadonlySet<string>): void {
  for (const name in fields) {
    if (!known.has(name)) throw new UnsupportedSyntax(`\`${name}\` of ${tag}`);
  }
}

export function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new UnsupportedSyntax('a tree of unknown form');
  return value;
}

export function textOf(value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new UnsupportedSyntax('a tree of unknown form');
}

export function nameOf(value: unknown): string {
  const text = textOf(value);
  if (text === undefined) throw new UnsupportedSyntax('a name that is missing');
  return text;
}

/** The text of a `String` node. */
export function stringOf(node: unknown): string {
  const tag = tagOf(node);
  if (tag !== 'String') throw new UnsupportedSyntax(`${tag} in place of a name`);
  return nameOf(fieldsOf((node as Fields)[tag])['sval']);
}

export function stringsOf(value: unknown): readonly string[] {
  return listOf(value).map(stringOf);
}
