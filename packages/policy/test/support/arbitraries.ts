/* oxlint-disable oxc/no-map-spread -- generated values are small */
import type { JsonValue } from '@callgate/canonical';
import fc from 'fast-check';

import type { ValueSchema } from '../../src/index.ts';

const smallNumber = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constantFrom(0.1, 0.3, 0.5, 1.5, -0.25, 1e21, 1e-7));
const smallText = fc.oneof(
  fc.string({ maxLength: 6, unit: 'grapheme' }),
  fc.constantFrom('', 'a', 'ab', 'T-1234', '*', '😀'),
);

/** Plain JSON of a few values, with the awkward ones well represented. */
export const anyValue: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<JsonValue>(null, true, false, '500', '', 0),
    smallNumber,
    smallText,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'constructor', '__proto__', 'x y'), tie('value'), { maxKeys: 3 }),
  ),
})).value;

function optionalRecord(model: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(model, { requiredKeys: [] });
}

const range = (low: string, high: string, bound: fc.Arbitrary<number>): fc.Arbitrary<Record<string, unknown>> =>
  fc.tuple(fc.option(bound, { nil: undefined }), fc.option(bound, { nil: undefined })).map(([one, other]) => {
    const [least, most] = one !== undefined && other !== undefined && one > other ? [other, one] : [one, other];
    return { ...(least === undefined ? {} : { [low]: least }), ...(most === undefined ? {} : { [high]: most }) };
  });

const count = fc.integer({ min: 0, max: 5 });

const numberSchema = fc
  .tuple(
    fc.constantFrom('integer', 'number'),
    range('minimum', 'maximum', smallNumber),
    optionalRecord({ multipleOf: fc.constantFrom(1, 2, 5) }),
  )
  .map(([type, bounds, step]) => ({ type, ...bounds, ...step }));
const stringSchema = fc
  .tuple(
    range('minLength', 'maxLength', count),
    optionalRecord({ pattern: fc.constantFrom('^[a-z]+$', 'T-[0-9]{2,4}', '^.{0,3}$') }),
  )
  .map(([bounds, pattern]) => ({ type: 'string', ...bounds, ...pattern }));
const enumSchema = fc.array(anyValue, { minLength: 1, maxLength: 4 }).map((values) => ({ enum: values }));
const constSchema = anyValue.map((value) => ({ const: value }));

/** Schemas that load. */
export const anySchema: fc.Arbitrary<ValueSchema> = fc.letrec<{ schema: ValueSchema }>((tie) => ({
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom({ type: 'boolean' }, { type: 'null' }, { type: ['string', 'null'] }, { type: 'any' }),
    numberSchema,
    stringSchema,
    enumSchema,
    constSchema,
    fc
      .tuple(range('minItems', 'maxItems', count), optionalRecord({ uniqueItems: fc.boolean(), items: tie('schema') }))
      .map(([bounds, rest]) => ({ type: 'array', ...bounds, ...rest })),
    fc
      .tuple(
        fc.dictionary(fc.constantFrom('a', 'b', 'constructor'), fc.tuple(tie('schema'), fc.boolean()), { maxKeys: 3 }),
        fc.oneof(fc.boolean(), tie('schema')),
      )
      .map(([properties, additional]) => ({
        type: 'object',
        properties: Object.fromEntries(
          Object.entries(properties).map(([name, [schema, optional]]) => [
            name,
            optional ? { ...schema, optional } : schema,
          ]),
        ),
        additional,
      })),
  ) as fc.Arbitrary<ValueSchema>,
})).schema;
