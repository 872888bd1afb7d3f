import { appendPointer } from '@callgate/canonical';

import type { ArgumentSchema, ValueSchema, ValueType } from '../document/types.ts';
import type { IssueList } from '../load/issues.ts';
import { TYPED_KEYWORDS, acceptedTypes, boundedKinds, coversKind } from './value-types.ts';

/** Reports keywords that contradict each other, and schemas that say nothing. */
export function checkSchema(schema: ValueSchema, pointer: string, issues: IssueList, mayBeOptional: boolean): void {
  checkTypes(schema, pointer, issues);
  checkOrder(schema, 'minimum', 'maximum', false, pointer, issues);
  checkOrder(schema, 'exclusiveMinimum', 'exclusiveMaximum', true, pointer, issues);
  checkOrder(schema, 'minimum', 'exclusiveMaximum', true, pointer, issues);
  checkOrder(schema, 'exclusiveMinimum', 'maximum', true, pointer, issues);
  checkOrder(schema, 'minLength', 'maxLength', false, pointer, issues);
  checkOrder(schema, 'minItems', 'maxItems', false, pointer, issues);
  checkOptional(schema, pointer, issues, mayBeOptional);
  checkQuarantined(schema, acceptedTypes(schema) ?? [], pointer, issues);
}

/** Reports `optional` on what has no name to be left out. */
export function checkOptional(
  schema: ArgumentSchema,
  pointer: string,
  issues: IssueList,
  mayBeOptional: boolean,
): void {
  if (schema.optional !== undefined && !mayBeOptional) {
    issues.add(appendPointer(pointer, 'optional'), '`optional` only on a named argument or property', 'it elsewhere');
  }
}

/** Reports `quarantined` on what is never text: what stands for something in quarantine is. */
export function checkQuarantined(
  schema: ArgumentSchema,
  types: readonly ValueType[],
  pointer: string,
  issues: IssueList,
): void {
  if (schema.quarantined === undefined || types.includes('string') || types.includes('any')) return;
  issues.add(
    appendPointer(pointer, 'quarantined'),
    '`quarantined` only on a value that may be a string',
    'it elsewhere',
  );
}

function checkTypes(schema: ValueSchema, pointer: string, issues: IssueList): void {
  const types = acceptedTypes(schema);
  if (types === undefined) {
    issues.add(pointer, 'a schema that says what the value may be', 'one that does not', {
      message: 'the schema says nothing about the value; write a `type`, an `enum` or bounds, or `type: any`',
    });
    return;
  }
  if (types.includes('any') && schema.type !== undefined && types.length > 1) {
    issues.add(appendPointer(pointer, 'type'), '`any` alone', '`any` among other types');
  }
  const bounded = boundedKinds(schema);
  if (schema.type === undefined && bounded.length > 1) {
    issues.add(
      pointer,
      'keywords of one type, or a `type` that names several',
      `keywords for ${bounded.join(' and ')}`,
    );
    return;
  }
  for (const kind of bounded) {
    if (types.some((type) => type !== 'any' && coversKind(type, kind))) continue;
    for (const keyword of TYPED_KEYWORDS[kind].filter((name) => schema[name] !== undefined)) {
      issues.add(
        appendPointer(pointer, keyword),
        `keywords for ${types.join(' or ')}`,
        `\`${keyword}\`, which bounds ${kind}s only`,
      );
    }
  }
}

type Bound =
  | 'minimum'
  | 'maximum'
  | 'exclusiveMinimum'
  | 'exclusiveMaximum'
  | 'minLength'
  | 'maxLength'
  | 'minItems'
  | 'maxItems';

function checkOrder(
  schema: ValueSchema,
  low: Bound,
  high: Bound,
  isStrict: boolean,
  pointer: string,
  issues: IssueList,
): void {
  const least = schema[low];
  const most = schema[high];
  if (least === undefined || most === undefined || least < most || (!isStrict && least === most)) return;
  issues.add(
    appendPointer(pointer, low),
    `\`${low}\` ${isStrict ? 'below' : 'not above'} \`${high}\``,
    'bounds that nothing satisfies',
  );
}
