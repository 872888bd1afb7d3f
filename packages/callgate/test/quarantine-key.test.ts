import { inspect } from 'node:util';

import { expect, test } from 'vitest';

import { QuarantineError } from '../src/quarantine/errors.ts';
import { generateQuarantineKey, parseQuarantineKey } from '../src/quarantine/quarantine-key.ts';

test('a key is read from its own text, beside comments and blank lines', () => {
  const text = generateQuarantineKey();
  const { fingerprint } = parseQuarantineKey(text);
  expect(fingerprint).toMatch(/^[0-9a-f]{16}$/u);
  expect(parseQuarantineKey(`# a comment\n\n  ${text}  \n`).fingerprint).toBe(fingerprint);
  expect(parseQuarantineKey(generateQuarantineKey()).fingerprint).not.toBe(fingerprint);
});

test('a key shows nothing of itself when it is looked at', () => {
  const text = generateQuarantineKey();
  const shown = inspect(parseQuarantineKey(text), { showHidden: true, depth: 9 });
  const raw = Buffer.from(text.slice('callgate-quarantine-key-'.length), 'base64url');
  expect(shown).not.toContain(raw.subarray(0, 32).toString('hex'));
  expect(shown).not.toContain(text.slice('callgate-quarantine-key-'.length));
});

test('a slip in any character is found, and not repeated', () => {
  const text = generateQuarantineKey();
  for (let at = 0; at < text.length; at += 1) {
    const slipped = `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;
    let error: unknown;
    try {
      parseQuarantineKey(slipped);
    } catch (thrown) {
      error = thrown;
    }
    expect(QuarantineError.is(error), `character ${at}`).toBe(true);
    expect(String(error)).not.toContain(slipped.slice(30));
  }
});

test.each(['', '# only a comment', 'callgate-quarantine-key-', 'callgate-trace-secret-AAAA'])(
  '%j is no key',
  (text) => {
    expect(() => parseQuarantineKey(text)).toThrow(QuarantineError);
    expect(() => parseQuarantineKey(`${generateQuarantineKey()}\n${generateQuarantineKey()}`)).toThrow(QuarantineError);
  },
);
