import { appendPointer } from '@callgate/canonical';

import type { Ring } from '../decision.ts';
import type { ArgumentSchema, ValueSchema } from '../document/types.ts';
import { acceptedTypes } from '../envelope/value-types.ts';
import { isKindSchema } from '../kinds/compile-kind.ts';
import type { Findings } from './findings.ts';
import { lintNames } from './lint-names.ts';
import { lintPattern } from './lint-pattern.ts';

/** What the looks at one envelope share. */
interface Scope {
  /** Whose envelope it is, in words. */
  readonly subject: string;
  readonly ring: Ring;
  readonly carrier: string | undefined;
  readonly findings: Findings;
}

/**
 * Looks at an envelope: each of its values, and the whole of it.
 *
 * @param scope.carrier the argument that holds other calls; it is as open as they are
 */
export function lintValues(
  subject: string,
  { ring, carrier }: { readonly ring: Ring; readonly carrier?: string | undefined },
  envelope: Readonly<Record<string, ArgumentSchema>>,
  pointer: string,
  findings: Findings,
): void {
  const schemas = Object.values(envelope);
  if (ring >= 2 && schemas.length > 0 && schemas.every((schema) => schema.optional === true)) {
    const message = `${subject} is of ring ${ring}, and a call without any argument passes`;
    findings.add('envelope-optional', pointer, message, 'require what selects the target');
  }
  lintProperties(envelope, '', pointer, { subject, ring, findings, carrier });
}

/** @param path the names that lead to `properties`, each followed by a dot */
function lintProperties(
  properties: Readonly<Record<string, ArgumentSchema>>,
  path: string,
  pointer: string,
  scope: Scope,
): void {
  lintNames('argument', Object.keys(properties), pointer, scope.findings);
  for (const [name, schema] of Object.entries(properties)) {
    if (path === '' && name === scope.carrier) continue;
    lintValue(schema, `${path}${name}`, appendPointer(pointer, name), scope);
  }
}

function lintValue(schema: ArgumentSchema, path: string, pointer: string, scope: Scope): void {
  // what a kind accepts is the kind's to say
  if (isKindSchema(schema)) return;
  const { items, properties, additional, pattern } = schema;
  if (pattern !== undefined) {
    lintPattern(`\`${path}\` of ${scope.subject}`, pattern, `${pointer}/pattern`, scope.findings);
  }
  if (scope.ring >= 1 && additional === true) {
    const message = `\`${path}\` of ${scope.subject} accepts any property besides those listed`;
    scope.findings.add('additional-open', `${pointer}/additional`, message, 'list the properties, or give a schema');
  }
  if (scope.ring >= 2) lintBounds(schema, path, pointer, scope);
  if (items !== undefined) lintValue(items, `${path}[]`, `${pointer}/items`, scope);
  if (properties !== undefined) lintProperties(properties, `${path}.`, `${pointer}/properties`, scope);
  if (typeof additional === 'object') lintValue(additional, `${path}.*`, `${pointer}/additional`, scope);
}

/** Looks for values without bounds; those that are listed are bounded. */
function lintBounds(schema: ValueSchema, path: string, pointer: string, { subject, ring, findings }: Scope): void {
  if (schema.enum !== undefined || schema.const !== undefined) return;
  const types = acceptedTypes(schema) ?? [];
  const what = `\`${path}\` of ${subject} (ring ${ring})`;
  if (types.includes('any')) {
    findings.add('value-any', pointer, `${what} accepts every value`, 'say what the value is');
    return;
  }
  if (types.includes('string') && schema.pattern === undefined && schema.maxLength === undefined) {
    const remedy = 'add `enum`, `pattern` or `maxLength`, or name a `kind`';
    findings.add('string-unbounded', pointer, `${what} accepts any text of any length`, remedy);
  }
  const missing = missingBounds(schema);
  if (missing.length > 0 && (types.includes('number') || types.includes('integer'))) {
    const names = missing.map((name) => `\`${name}\``).join(' and ');
    findings.add('number-unbounded', pointer, `${what} is a number without ${names}`, `add ${names}`);
  }
  if (types.includes('array') && schema.maxItems === undefined && !isFiniteSet(schema)) {
    findings.add('array-unbounded', pointer, `${what} accepts any number of items`, 'add `maxItems`');
  }
}

function missingBounds(schema: ValueSchema): readonly string[] {
  return [
    ...(schema.minimum === undefined && schema.exclusiveMinimum === undefined ? ['minimum'] : []),
    ...(schema.maximum === undefined && schema.exclusiveMaximum === undefined ? ['maximum'] : []),
  ];
}

/** Whether an array can hold each of finitely many values once. */
function isFiniteSet({ uniqueItems, items }: ValueSchema): boolean {
  return uniqueItems === true && items !== undefined && !isKindSchema(items) && items.enum !== undefined;
}
