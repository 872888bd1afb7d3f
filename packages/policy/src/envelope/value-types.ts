import type { ValueSchema, ValueType } from '../document/types.ts';
import type { Kind } from './shape.ts';

/** The keywords that bound values of one type, and so imply it. */
export const TYPED_KEYWORDS: Readonly<
  Record<'number' | 'string' | 'array' | 'object', readonly (keyof ValueSchema)[]>
> = {
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  string: ['minLength', 'maxLength', 'pattern'],
  array: ['items', 'minItems', 'maxItems', 'uniqueItems'],
  object: ['properties', 'additional'],
};

export type TypedKind = keyof typeof TYPED_KEYWORDS;

const TYPED_KINDS: readonly TypedKind[] = ['number', 'string', 'array', 'object'];

/** The types that a schema's keywords bound. */
export function boundedKinds(schema: ValueSchema): readonly TypedKind[] {
  return TYPED_KINDS.filter((kind) => TYPED_KEYWORDS[kind].some((keyword) => schema[keyword] !== undefined));
}

/** The types a schema names or implies; undefined where it says nothing about the value. */
export function acceptedTypes(schema: ValueSchema): readonly ValueType[] | undefined {
  if (schema.type !== undefined) return typeof schema.type === 'string' ? [schema.type] : schema.type;
  const bounded = boundedKinds(schema);
  if (bounded.length > 0) return bounded;
  return schema.enum !== undefined || schema.const !== undefined ? ['any'] : undefined;
}

/** Whether `kind` is what `type` means. For `integer`, whole numbers are a matter of the value. */
export function coversKind(type: ValueType, kind: Kind): boolean {
  return type === 'any' || type === kind || (type === 'integer' && kind === 'number');
}
