import { parsePointer, type JsonValue } from '@callgate/canonical';

import type { ArgumentSchema, EnvelopeDocument, ValueSchema } from '../document/types.ts';
import { acceptedTypes } from '../envelope/value-types.ts';
import { isKindSchema } from '../kinds/compile-kind.ts';
import type { ArgumentKind } from '../kinds/kind.ts';

/** What an envelope says of an argument: its schema, that there is none, or nothing, as what is around it is open. */
export type DeclaredArgument = ArgumentSchema | 'absent' | 'unsaid';

/** What an envelope says of the argument at a JSON pointer. */
export function argumentAt(envelope: EnvelopeDocument | undefined, pointer: string): DeclaredArgument {
  if (envelope === undefined || envelope === 'any') return 'unsaid';
  let around: ArgumentSchema = { properties: envelope };
  for (const token of parsePointer(pointer)) {
    if (isKindSchema(around)) return 'unsaid';
    const schema: ValueSchema = around;
    const { properties, additional, items } = schema;
    const next: ArgumentSchema | undefined =
      properties !== undefined && Object.hasOwn(properties, token) ? properties[token] : undefined;
    if (next !== undefined) around = next;
    else if (typeof additional === 'object') around = additional;
    else if (additional === true || items !== undefined || !isObject(schema)) return 'unsaid';
    else return 'absent';
  }
  return around;
}

function isObject(schema: ValueSchema): boolean {
  return schema.properties !== undefined || schema.additional !== undefined;
}

/** Whether a value of the schema can be a number. */
export function canBeNumber(schema: ArgumentSchema, kinds: ReadonlyMap<string, ArgumentKind>): boolean {
  if (isKindSchema(schema)) return kinds.get(schema.kind)?.types.some(isNumeric) ?? true;
  const listed: readonly JsonValue[] | undefined =
    schema.enum ?? (schema.const === undefined ? undefined : [schema.const]);
  if (listed !== undefined) return listed.some((value) => typeof value === 'number');
  return acceptedTypes(schema)?.some(isNumeric) ?? true;
}

function isNumeric(type: string): boolean {
  return type === 'number' || type === 'integer' || type === 'any';
}
