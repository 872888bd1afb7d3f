import { describe, expect, it } from 'vitest';

import { compilePolicy, parsePolicy } from '../src/index.ts';

const TEXT = `callgate: 1
name: test
version: "1"
servers:
  "a/b":
    tools:
      look: { ring: 1, arguments: { region: { enum: [us-east, us-west] } } }
`;

describe('where a pointer stands in a policy', () => {
  const policy = parsePolicy(TEXT, { file: 'p.yaml' });

  it.each([
    ['/version', 3, 1],
    ['/servers/a~1b', 5, 3],
    ['/servers/a~1b/tools/look', 7, 7],
    ['/servers/a~1b/tools/look/arguments/region', 7, 37],
    ['/servers/a~1b/tools/look/arguments/region/enum/1', 7, 63],
  ])('%s is at its key, or at its item', (pointer, line, column) => {
    expect(policy.locate(pointer)).toEqual({ file: 'p.yaml', line, column });
  });

  it('what has no place of its own is where the nearest value around it is', () => {
    expect(policy.locate('/servers/a~1b/tools/look/who/users/0')).toEqual(policy.locate('/servers/a~1b/tools/look'));
    expect(policy.locate('/constructor')).toEqual({ file: 'p.yaml', line: 1, column: 1 });
  });

  it.each(['01', '', '1.0', '-', '2'])('an item is named by its number alone, not by %j', (token) => {
    const list = '/servers/a~1b/tools/look/arguments/region/enum';
    expect(policy.locate(`${list}/${token}`)).toEqual(policy.locate(list));
  });

  it('a text without a name is called the policy', () => {
    expect(parsePolicy(TEXT).locate('/name')).toEqual({ file: 'policy', line: 2, column: 1 });
  });

  it('a document that has no text has no places', () => {
    const compiled = compilePolicy({ callgate: 1, name: 'a', version: '1', servers: {} });
    expect(compiled.locate('/servers')).toBeUndefined();
  });

  it.each(['servers', '/servers/~2'])('refuses %s, which is no pointer', (pointer) => {
    expect(() => policy.locate(pointer)).toThrow(RangeError);
  });
});
