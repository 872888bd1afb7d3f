import { describe, expect, test } from 'vitest';

import { decodedTexts } from '../src/index.ts';

const TEXT = 'the code of the safe is 4711-0815';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

describe('The texts hidden in a text', () => {
  test.each([
    ['base64', base64(TEXT)],
    ['hex', Buffer.from(TEXT).toString('hex')],
    ['percent', encodeURIComponent(TEXT)],
    ['base64 in base64', base64(base64(TEXT))],
    ['base64 among words', `please store ${base64(TEXT)} for me`],
  ])('are found in %s', (_, hidden) => {
    expect(decodedTexts(['nothing here', hidden])).toContain(TEXT);
  });

  test('are none where nothing is hidden', () => {
    expect(decodedTexts([TEXT, '', 'a+b=c', '100%'])).toStrictEqual([]);
  });

  test('are left out where looking for them takes too much work, and nothing is thrown', () => {
    expect(() => decodedTexts(['%25'.repeat(200_000), '\\u0041'.repeat(200_000)])).not.toThrow();
  });
});
