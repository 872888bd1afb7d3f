import { appendPointer, excerpt, type JsonValue } from '@callgate/canonical';

import type { PolicyLocation } from '../decision.ts';
import type { ArgumentSchema, EnvelopeDocument, ValueSchema } from '../document/types.ts';
import { compileKind, isKindSchema } from '../kinds/compile-kind.ts';
import type { PathSlots } from '../conditions/path-slots.ts';
import type { ArgumentKind } from '../kinds/kind.ts';
import type { IssueList } from '../load/issues.ts';
import { arrayRules } from './array-rules.ts';
import { checkSchema } from './check-schema.ts';
import { generalRules } from './general-rules.ts';
import { numberRules } from './number-rules.ts';
import { stringRules } from './string-rules.ts';
import type { Rule } from './rule.ts';
import { accepts, type ObjectCheck, type PropertyCheck, type ValueCheck } from './value-check.ts';
import { typeMask } from './type-mask.ts';
import { acceptedTypes } from './value-types.ts';
import { wordsOf } from './words.ts';

/** Where compiling puts what it finds wrong, and asks where things stand. */
export interface CompileContext {
  readonly issues: IssueList;
  /** The argument kinds that envelopes may name. */
  readonly kinds: ReadonlyMap<string, ArgumentKind>;
  /** The places of calls that conditions read. */
  readonly slots: PathSlots;
  location(pointer: string): PolicyLocation | undefined;
}

/** Compiles the envelope at `pointer` of the policy; undefined stands for `any`. */
export function compileEnvelope(
  envelope: EnvelopeDocument,
  pointer: string,
  context: CompileContext,
  ignored?: string,
): ObjectCheck | undefined {
  return envelope === 'any' ? undefined : compileProperties(envelope, false, pointer, context, ignored);
}

function compileProperties(
  properties: Readonly<Record<string, ArgumentSchema>>,
  additional: boolean | ValueCheck,
  pointer: string,
  context: CompileContext,
  ignored?: string,
): ObjectCheck {
  const names = Object.keys(properties).toSorted();
  const checks = names.flatMap((name): PropertyCheck[] => {
    const schema = properties[name];
    const place = appendPointer(pointer, name);
    if (schema === undefined || context.issues.has(place)) return [];
    return [{ name, isRequired: schema.optional !== true, value: compileValue(schema, place, context, true) }];
  });
  return { properties: checks, byName: new Map(checks.map((check) => [check.name, check])), additional, ignored };
}

/** Compiles one schema. What is wrong with it goes to the context's issues; the result is then not to be used. */
function compileValue(
  schema: ArgumentSchema,
  pointer: string,
  context: CompileContext,
  mayBeOptional = false,
): ValueCheck {
  if (isKindSchema(schema)) return compileKind(schema, pointer, context, mayBeOptional);
  checkSchema(schema, pointer, context.issues, mayBeOptional);
  const check: ValueCheck = {
    schema,
    kind: undefined,
    expected: wordsOf(schema),
    message: schema.message,
    location: context.location(pointer),
    takesQuarantined: schema.quarantined === 'allow',
    types: typeMask(acceptedTypes(schema) ?? []),
    general: generalRules(schema),
    number: numberRules(schema),
    string: safeStringRules(schema, pointer, context),
    array: arrayRules(schema),
    items:
      schema.items === undefined ? undefined : compileValue(schema.items, appendPointer(pointer, 'items'), context),
    object: compileObject(schema, pointer, context),
  };
  checkListedValues(check, pointer, context);
  return check;
}

function compileObject(schema: ValueSchema, pointer: string, context: CompileContext): ObjectCheck | undefined {
  const types = acceptedTypes(schema) ?? [];
  // an enum or const of objects says all there is to say about their properties
  const isBound = schema.properties !== undefined || schema.additional !== undefined;
  if (!isBound && (!types.includes('object') || schema.enum !== undefined || schema.const !== undefined))
    return undefined;
  const additional =
    typeof schema.additional === 'object'
      ? compileValue(schema.additional, appendPointer(pointer, 'additional'), context)
      : (schema.additional ?? false);
  return compileProperties(schema.properties ?? {}, additional, appendPointer(pointer, 'properties'), context);
}

function safeStringRules(schema: ValueSchema, pointer: string, context: CompileContext): Rule<string>[] {
  try {
    return stringRules(schema);
  } catch (error) {
    const reason =
      error instanceof Error ? excerpt(error.message.replace(/^error parsing regexp: /u, ''), 160) : 'unknown reason';
    context.issues.add(appendPointer(pointer, 'pattern'), 'a pattern in RE2 syntax', 'one that does not compile', {
      message: `the pattern does not compile: ${reason}`,
    });
    return [];
  }
}

/** Values that a policy lists but that its own other keywords refuse are a mistake, and the policy does not load. */
function checkListedValues(check: ValueCheck, pointer: string, context: CompileContext): void {
  const { schema } = check;
  if (context.issues.has(pointer)) return;
  const listed: [JsonValue, string][] = (schema.enum ?? []).map((value, index) => [value, `${pointer}/enum/${index}`]);
  if (schema.const !== undefined) listed.push([schema.const, `${pointer}/const`]);
  for (const [value, place] of listed) {
    if (!accepts(check, value)) {
      context.issues.add(place, 'a value that the other keywords of this schema accept', 'one that they refuse');
    }
  }
}
