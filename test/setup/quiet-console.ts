import { afterEach, beforeEach, expect } from 'vitest';

const METHODS = ['log', 'info', 'warn', 'error', 'debug', 'trace', 'table', 'dir'] as const;
const originals = METHODS.map((method) => console[method]);
let written: string[] = [];

/** The library is silent: what a test (or the code under it) writes to the console fails that test. */
beforeEach(() => {
  written = [];
  for (const method of METHODS) {
    console[method] = (...values: unknown[]): void => {
      written.push(`console.${method}: ${values.map(String).join(' ')}`);
    };
  }
});

afterEach(() => {
  for (const [index, method] of METHODS.entries()) console[method] = originals[index] ?? console[method];
  expect(written, 'console output during the test').toStrictEqual([]);
});
