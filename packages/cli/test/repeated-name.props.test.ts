import fc from 'fast-check';
import { expect, it } from 'vitest';

import { hasRepeatedName } from '../src/input/repeated-name.ts';

const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('"', '\\', '{"a":1,"a":2}', 'a', ',', ':'));
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.oneof(text, fc.integer(), fc.constant(null), fc.boolean()),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4 }),
  ),
})).value;

it('what JSON.stringify writes repeats no name', () => {
  fc.assert(
    fc.property(value, fc.boolean(), (data, isPretty) => {
      expect(hasRepeatedName(JSON.stringify(data, null, isPretty ? 1 : 0), 64)).toBe(false);
    }),
  );
});

it('a name that comes again is found at every place, however it is written', () => {
  const holder = fc.tuple(text, value, value, fc.constantFrom('[1,%]', '{"x":%}', '{"y":[{"x":%},2]}', '%'));
  fc.assert(
    fc.property(holder, ([name, one, other, outer]) => {
      const escaped = `"${[...Array(name.length).keys()].map((at) => `\\u${name.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')}"`;
      const inner = `{${JSON.stringify(name)}:${JSON.stringify(one)}, ${escaped} : ${JSON.stringify(other)}}`;
      const whole = outer.replace('%', () => inner);
      JSON.parse(whole);
      expect(hasRepeatedName(whole, 64)).toBe(true);
    }),
  );
});

it('what a dropped value hides is bounded', () => {
  expect(hasRepeatedName(`{"a":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)},"a":1}`, 64)).toBe(true);
});
