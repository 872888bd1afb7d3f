import type { JsonValue } from '@callgate/canonical';

import type { ArgumentSchema, KindSchema } from '../document/types.ts';
import { checkOptional, checkQuarantined } from '../envelope/check-schema.ts';
import type { CompileContext } from '../envelope/compile-value.ts';
import { typeMask } from '../envelope/type-mask.ts';
import type { ValueCheck } from '../envelope/value-check.ts';
import { nearestName } from '../internal/nearest-name.ts';
import { addSchemaIssues } from '../load/issues.ts';
import type { ArgumentKind, CompiledKind } from './kind.ts';

/** The keys of a kind's schema that are not the kind's own. */
const SHARED_KEYS: ReadonlySet<string> = new Set(['kind', 'optional', 'message', 'quarantined']);

export function isKindSchema(schema: ArgumentSchema): schema is KindSchema {
  return Object.hasOwn(schema, 'kind');
}

/** Compiles a schema that names a kind. What is wrong with it goes to the context's issues; the result is then not to be used. */
export function compileKind(
  schema: KindSchema,
  pointer: string,
  context: CompileContext,
  mayBeOptional: boolean,
): ValueCheck {
  checkOptional(schema, pointer, context.issues, mayBeOptional);
  const kind = compileNamed(schema, pointer, context);
  if (kind !== undefined) checkQuarantined(schema, kind.named.types, pointer, context.issues);
  return {
    schema: {},
    kind: kind?.compiled,
    expected: kind?.compiled.expected ?? '',
    message: schema.message,
    location: context.location(pointer),
    takesQuarantined: schema.quarantined === 'allow',
    types: typeMask(kind?.named.types ?? []),
    general: [],
    number: [],
    string: [],
    array: [],
    items: undefined,
    object: undefined,
  };
}

function compileNamed(
  schema: KindSchema,
  pointer: string,
  context: CompileContext,
): { readonly named: ArgumentKind; readonly compiled: CompiledKind } | undefined {
  const named = context.kinds.get(schema.kind);
  if (named === undefined) {
    refuseUnknown(schema.kind, `${pointer}/kind`, context);
    return undefined;
  }
  if (named.isLoaded === false) {
    context.issues.add(
      `${pointer}/kind`,
      `the kind \`${named.name}\` to be loaded`,
      'one that is not: await its `load()`',
    );
    return undefined;
  }
  const own = Object.fromEntries(Object.entries(schema).filter(([key]) => !SHARED_KEYS.has(key)));
  const parsed = named.specification.safeParse(own, { jitless: true });
  if (!parsed.success) {
    const known = Object.keys(named.specification.shape).join(' ');
    const issues = parsed.error.issues.map((issue) =>
      issue.code === 'unrecognized_keys' && issue.path.length === 0 ? { ...issue, message: known } : issue,
    );
    addSchemaIssues(context.issues, own as JsonValue, issues, '', pointer);
    return undefined;
  }
  let isSound = true;
  const compiled = named.compile(parsed.data, (place, expected, got) => {
    isSound = false;
    context.issues.add(`${pointer}${place}`, expected, got);
  });
  return isSound ? { named, compiled } : undefined;
}

function refuseUnknown(name: string, pointer: string, context: CompileContext): void {
  const known = [...context.kinds.keys()].toSorted();
  const nearest = nearestName(name, known);
  const expected =
    known.length === 0
      ? 'no kind: none were given to the compiler'
      : `one of ${known.map((word) => `\`${word}\``).join(', ')}`;
  context.issues.add(pointer, expected, 'an unknown kind', nearest === undefined ? {} : { nearest });
}
