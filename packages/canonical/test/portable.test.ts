import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { canonicalize, clonePlain, digestJson } from '@callgate/canonical';
import { expect, test } from 'vitest';

test('runs where there is no node: module and no global of Node, with the same results', () => {
  const script = fileURLToPath(new URL('support/portable-run.ts', import.meta.url));
  const output = execFileSync(process.execPath, ['--no-warnings', '--experimental-vm-modules', script], {
    encoding: 'utf8',
  });
  const value = clonePlain({ b: [1, -0, 'é'], a: { z: true } });
  const [text, digest, id, ...globals] = output.trim().split(' ');
  expect([text, digest]).toStrictEqual([canonicalize(value), digestJson(value)]);
  expect(id).toMatch(/^x[0-9a-z]{26}$/u);
  expect(globals).toStrictEqual(['undefined', 'undefined', 'undefined']);
});
