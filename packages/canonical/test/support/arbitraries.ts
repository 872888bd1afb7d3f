import { type JsonValue } from '@callgate/canonical';
import fc from 'fast-check';

/** Keys that JavaScript or a careless serialiser treats specially, among ordinary ones. */
export const awkwardKey: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 6 }),
  fc.constantFrom('__proto__', 'toJSON', 'constructor', 'toString', 'hasOwnProperty', 'length', '', 'a', 'ab', 'a.b'),
  fc.constantFrom('0', '1', '9', '10', '01', '-1', '1.5', '4294967294', '4294967295', '4294967296', '1e3'),
  fc.constantFrom('\u{1f600}', '\ufb33', '\u20ac', '\r', '\u0080', '\u2028'),
);

/** Any JSON value, well-formed and finite, with awkward keys in any order. */
export const jsonValue: fc.Arbitrary<JsonValue> = fc.letrec<{ value: JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 5, depthSize: 'small', withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, 1, ''),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value)),
    fc.integer(),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.array(fc.tuple(awkwardKey, tie('value')), { maxLength: 6 }).map(objectOf),
  ),
})).value;

/** An object with these own properties, `__proto__` like any other. The last of equal keys wins. */
export function objectOf(entries: readonly (readonly [string, JsonValue])[]): { [key: string]: JsonValue } {
  const object: { [key: string]: JsonValue } = {};
  for (const [key, value] of entries) {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}
