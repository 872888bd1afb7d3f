import { boundsOf, valueWords, type SchemaNode } from './value-words.ts';

/**
 * The keys of a closed object as a table in Markdown, those of objects inside of it in rows below it (`raise.ring`).
 *
 * @param node an object of a JSON Schema; what it refers to has a table of its own
 */
export function keyTable(node: SchemaNode): string {
  const head = '| key | value | bounds | default | what it says |\n| --- | --- | --- | --- | --- |\n';
  return head + rowsOf(node, '').join('');
}

function rowsOf(node: SchemaNode, prefix: string): readonly string[] {
  return Object.entries(node.properties ?? {}).flatMap(([key, value]) => {
    const { says, otherwise } = parted(value.description ?? '');
    const standard = node.required?.includes(key) === true ? 'required' : otherwise;
    const cells = [`\`${prefix}${key}\``, valueWords(value), boundsOf(value), standard, escaped(says)];
    const inner = insides(value).flatMap(([object, dot]) => rowsOf(object, prefix + key + dot));
    return [`| ${cells.join(' | ')} |\n`].concat(inner);
  });
}

/** The objects that a value can be or list, with what stands between its key and theirs. */
function insides(node: SchemaNode): readonly (readonly [inner: SchemaNode, dot: string])[] {
  if (node.properties !== undefined) return [[node, '.']];
  if (node.items?.properties !== undefined) return [[node.items, '[].']];
  return (node.anyOf ?? []).flatMap(insides);
}

/** A description says in its last part, behind `; default: `, what holds where the key is not there. */
function parted(description: string): { readonly says: string; readonly otherwise: string } {
  const [says = '', otherwise = 'none'] = description.split('; default: ');
  return { says, otherwise };
}

/** Text as it stands in a cell: outside of code, `*` is a letter and no emphasis. */
function escaped(text: string): string {
  return text
    .split('`')
    .map((part, index) => (index % 2 === 0 ? part.replaceAll('*', String.raw`\*`) : part))
    .join('`')
    .replaceAll('|', String.raw`\|`);
}
