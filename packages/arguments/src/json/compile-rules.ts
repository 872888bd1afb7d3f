import type { ReportKindIssue } from '@callgate/policy';

import type { JsonTextSpecification, JsonTextType } from './specification.ts';

/** A compiled specification: what JSON texts are judged by, and compared by. */
export interface JsonRules {
  readonly types: ReadonlySet<JsonTextType>;
  readonly keys: ReadonlySet<string> | undefined;
  readonly required: ReadonlySet<string>;
  readonly maxLength: number;
  readonly maxDepth: number;
  readonly maxKeys: number;
  readonly maxItems: number;
}

export const JSON_TYPES: readonly JsonTextType[] = ['object', 'array', 'string', 'number', 'boolean', 'null'];

/** Compiles a specification; what is wrong with it goes to `report`. */
export function compileRules(specification: JsonTextSpecification, report: ReportKindIssue): JsonRules {
  const { type = JSON_TYPES, keys, required = [], maxDepth = 16, maxKeys = 1000 } = specification;
  const types = new Set(typeof type === 'string' ? [type] : type);
  for (const key of ['keys', 'required'] as const) {
    if (specification[key] !== undefined && !types.has('object'))
      report(`/${key}`, `no \`${key}\`: it is for objects`, 'names');
  }
  for (const [index, name] of required.entries()) {
    if (keys?.includes(name) === false) report(`/required/${index}`, 'one of the names in `keys`', 'another name');
  }
  for (const name of [...(keys ?? []), ...required]) {
    if (name === '__proto__') report('/keys', 'names other than `__proto__`, which never passes', '`__proto__`');
  }
  if (required.length > maxKeys) report('/maxKeys', 'room for the names in `required`', String(maxKeys));
  if (types.has('object') && required.length > 0 && maxDepth === 0)
    report('/maxDepth', 'at least 1 for an object', '0');
  return {
    types,
    keys: keys === undefined ? undefined : new Set(keys),
    required: new Set(required),
    maxLength: specification.maxLength ?? 65_536,
    maxDepth,
    maxKeys,
    maxItems: specification.maxItems ?? 10_000,
  };
}
