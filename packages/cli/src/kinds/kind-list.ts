import { isJsonObject, type JsonValue } from '@callgate/canonical';
import type { ArgumentKind, ValueType } from '@callgate/policy';

/** A kind, as it is listed. */
export interface ListedKind {
  readonly name: string;
  readonly summary: string;
  readonly types: readonly ValueType[];
  readonly keys: readonly ListedKey[];
}

/** One key of a kind's specification. */
export interface ListedKey {
  readonly name: string;
  /** In words: `text`, `one of postgres, mysql`, `list of text`. */
  readonly value: string;
  readonly isRequired: boolean;
  readonly description: string;
}

const MAX_CHOICES = 12;

/** The kinds with the keys that their specifications take, sorted by name. */
export function listKinds(kinds: readonly ArgumentKind[]): readonly ListedKind[] {
  return kinds
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .map((kind) => ({ name: kind.name, summary: kind.summary, types: kind.types, keys: keysOf(kind) }));
}

function keysOf(kind: ArgumentKind): readonly ListedKey[] {
  // what JSON Schema cannot say (a refinement) is left to the error that it gives
  const schema = kind.specification.toJSONSchema({ io: 'input', unrepresentable: 'any' }) as JsonValue;
  const properties = memberOf(schema, 'properties');
  const required = memberOf(schema, 'required');
  return Object.entries(isJsonObject(properties) ? properties : {}).map(([name, value]) => {
    const description = memberOf(value, 'description');
    return {
      name,
      value: wordsOf(value),
      isRequired: Array.isArray(required) && (required as readonly JsonValue[]).includes(name),
      description: typeof description === 'string' ? description : '',
    };
  });
}

function wordsOf(schema: JsonValue | undefined): string {
  const [type, choices, constant] = [memberOf(schema, 'type'), memberOf(schema, 'enum'), memberOf(schema, 'const')];
  if (constant !== undefined) return JSON.stringify(constant);
  if (Array.isArray(choices)) return choiceWords(choices as readonly JsonValue[]);
  const union = memberOf(schema, 'anyOf') ?? memberOf(schema, 'oneOf');
  if (Array.isArray(union)) return [...new Set((union as readonly JsonValue[]).map(wordsOf))].join(' or ');
  switch (type) {
    case 'string':
      return 'text';
    case 'boolean':
      return 'true or false';
    case 'integer':
      return 'whole number';
    case 'number':
      return 'number';
    case 'array':
      return `list of ${wordsOf(memberOf(schema, 'items'))}`;
    case 'object':
      return 'object';
    default:
      return 'value';
  }
}

function choiceWords(choices: readonly JsonValue[]): string {
  const shown = choices
    .slice(0, MAX_CHOICES)
    .map((choice) => (typeof choice === 'string' ? choice : JSON.stringify(choice)));
  const rest = choices.length - shown.length;
  return `one of ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function memberOf(value: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}
