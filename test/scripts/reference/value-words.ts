/** What the reference reads of a JSON Schema. */
export interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly const?: string | number | boolean;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly SchemaNode[];
  readonly $ref?: string;
  readonly items?: SchemaNode;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: boolean | SchemaNode;
  readonly required?: readonly string[];
  readonly description?: string;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Parts of the language with a name, and where the reference explains them. */
const NAMED: Readonly<Record<string, string>> = {
  breaker: '[breaker](#breakers)',
  condition: '[condition](#conditions)',
  cost: '[cost](#costs)',
  drift: '[drift](#drift)',
  duration: '[duration](#text-formats)',
  envelope: '[envelope](#envelopes)',
  exception: '[exception](#exceptions)',
  flow: '[flow](#flows)',
  key: '[key](#keys-of-controls)',
  match: '[match](#rules-across-servers-and-tools)',
  meter: '[meter](#meters)',
  method: '[method](#custom-methods)',
  rate: '[rate](#text-formats)',
  result: '[result](#results)',
  rule: '[rule](#rules-across-servers-and-tools)',
  server: '[server](#servers)',
  share: '[share](#text-formats)',
  size: '[size](#text-formats)',
  tool: '[tool](#tools)',
  value: '[schema](#envelopes)',
  who: '[`who`](#who)',
  window: '[window](#text-formats)',
};

/** What a value is, in a few words. */
export function valueWords(node: SchemaNode): string {
  if (node.$ref !== undefined) return NAMED[node.$ref.slice('#/$defs/'.length)] ?? 'any JSON';
  if (node.const !== undefined) return `\`${node.const}\``;
  if (node.enum !== undefined) return node.enum.map((one) => `\`${one}\``).join(', ');
  if (node.anyOf !== undefined) return alternatives(node.anyOf);
  if (node.items !== undefined) return `list of ${valueWords(node.items)}`;
  if (node.properties !== undefined) return 'object';
  if (typeof node.additionalProperties === 'object') return `${valueWords(node.additionalProperties)} by name`;
  if (node.type === 'boolean') return '`true`, `false`';
  if (node.type === 'integer') return 'whole number';
  if (node.type !== 'string') return String(node.type);
  return node.pattern !== undefined && isPointer(node.pattern) ? 'JSON pointer' : 'text';
}

function alternatives(nodes: readonly SchemaNode[]): string {
  const [one, list] = nodes;
  if (
    nodes.length === 2 &&
    list?.items !== undefined &&
    one !== undefined &&
    valueWords(list.items) === valueWords(one)
  ) {
    return `${valueWords(one)}, or a list of them`;
  }
  const words = [...new Set(nodes.map(valueWords))];
  return words.join(nodes.every((node) => node.const !== undefined) ? ', ' : ' or ');
}

/** The bounds of a value; a dash where there are none but those that its words tell. */
export function boundsOf(node: SchemaNode): string {
  const bounds = [...new Set(boundsIn(node))];
  return bounds.length === 0 ? '–' : bounds.join('; ');
}

function boundsIn(node: SchemaNode): readonly string[] {
  if (node.$ref !== undefined || node.const !== undefined || node.enum !== undefined) return [];
  if (node.anyOf !== undefined) return withoutRepeats(node.anyOf.flatMap(boundsIn));
  const own = [
    ...range(node.minItems, node.maxItems, 'items'),
    ...range(node.minLength, node.maxLength, 'characters'),
    ...(isSafeRange(node) ? [] : range(node.minimum, node.maximum, '')),
    ...(node.exclusiveMinimum === undefined ? [] : [`above ${node.exclusiveMinimum}`]),
    ...(node.pattern === undefined ? [] : patternWords(node.pattern)),
  ];
  const items = node.items === undefined ? [] : boundsIn(node.items).map((bound) => `each ${bound}`);
  const members = typeof node.additionalProperties === 'object' ? boundsIn(node.additionalProperties) : [];
  return [...own, ...items, ...members];
}

/** The bounds of what a whole number can be are no news. */
function isSafeRange({ minimum, maximum }: SchemaNode): boolean {
  return minimum === undefined && maximum === Number.MAX_SAFE_INTEGER;
}

function range(least: number | undefined, most: number | undefined, unit: string): readonly string[] {
  const words = (value: number): string => value.toLocaleString('en');
  const end = unit === '' ? '' : ` ${unit}`;
  const isBounded = most !== undefined && most !== Number.MAX_SAFE_INTEGER;
  if (isBounded)
    return [least === undefined ? `at most ${words(most)}${end}` : `${words(least)} to ${words(most)}${end}`];
  return least === undefined ? [] : [`at least ${words(least)}${end}`];
}

/** A list of what may also stand alone says its bounds once. */
function withoutRepeats(bounds: readonly string[]): readonly string[] {
  return bounds.filter((bound) => !bound.startsWith('each ') || !bounds.includes(bound.slice('each '.length)));
}

function isPointer(pattern: string): boolean {
  return /^\^(?:\(\?:)?\\\//u.test(pattern);
}

/** That a text is one line, or a JSON pointer, is said elsewhere; any other pattern is shown. */
function patternWords(pattern: string): readonly string[] {
  if (pattern.includes('u2028') || isPointer(pattern)) return [];
  return [`\`${pattern.replaceAll('|', String.raw`\|`)}\``];
}
