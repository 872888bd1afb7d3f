import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { findTemplates } from '../src/manifest/find-templates.ts';

describe('the templates that a URI can come from', () => {
  test.each([
    ['docs://page/7', 'docs://page/{id}'],
    ['docs://page/', 'docs://page/{id}'],
    ['file:///a/b/c.txt', 'file:///{+path}.txt'],
    ['db://t/1/rows?limit=2', 'db://{table}/{id}/rows{?limit}'],
    ['docs://fixed', 'docs://fixed'],
  ])('%s comes from %s', (uri, template) => {
    expect(findTemplates(uri, [template])).toStrictEqual([template]);
  });

  test.each([
    ['docs://pages/7', 'docs://page/{id}'],
    ['file:///a/b/c.md', 'file:///{+path}.txt'],
    ['db://t/1', 'db://{table}/{id}/rows'],
    ['docs://fixed/7', 'docs://fixed'],
    ['aba', 'ab{x}ba'],
    ['a1b', 'a{x}1{y}1b'],
  ])('%s does not come from %s', (uri, template) => {
    expect(findTemplates(uri, [template])).toStrictEqual([]);
  });

  test('are found whatever an expression is replaced by', () => {
    const literal = fc.string({ unit: fc.constantFrom('a', 'b', '/', '.'), maxLength: 4 });
    const parts = fc.array(fc.tuple(literal, fc.string({ maxLength: 6 })), { maxLength: 5 });
    fc.assert(
      fc.property(parts, literal, (pairs, last) => {
        const template = `${pairs.map(([text], index) => `${text}{v${index}}`).join('')}${last}`;
        const uri = `${pairs.map(([text, value]) => text + value).join('')}${last}`;
        expect(findTemplates(uri, [template])).toStrictEqual([template]);
      }),
    );
  });
});
