/** The snippets of docs/guide/test-a-policy.md, and what it says about them. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { parsePolicy, parseSuite, runSuite } from '@callgate/policy';
// #region setup
import {
  assertAlways,
  assertDecision,
  assertNever,
  callsOf,
  findCall,
  policyMatchers,
  survivorsOf,
  type PolicyExpectations,
} from '@callgate/testing';
import { loadPolicy } from 'callgate';
import { expect, it } from 'vitest';

declare module 'vitest' {
  interface Matchers<
    R extends void | Promise<void> = void | Promise<void>,
    T = unknown,
  > extends PolicyExpectations<R> {}
}
expect.extend(policyMatchers);

const policy = await loadPolicy(join(import.meta.dirname, 'desk.yaml'));
const ada = { user: 'ada', roles: ['support'] };
// #endregion

// #region suite
const suite = parseSuite(await readFile(join(import.meta.dirname, 'desk.test.yaml'), 'utf8'));

it.each(runSuite(suite, policy))('$case.name', ({ problems }) => {
  expect(problems).toEqual([]);
});
// #endregion

// #region matchers
it('a search stays in one region', () => {
  const search = (region: string) => ({
    server: 'tickets',
    tool: 'ticket.search',
    arguments: { region, text: 'printer' },
    principal: ada,
  });
  expect(policy).toAllow(search('us-east'));
  expect(policy).toDeny(search('*'), 'arguments.envelope');
  expect(policy).toDeny({ ...search('us-east'), principal: { user: 'eve' } }, 'principal.not_allowed');
});
// #endregion

it('the same without matchers', () => {
  const now = Date.parse('2026-11-25T10:00:00Z');
  const large = { server: 'tickets', tool: 'refund.create', arguments: { order: 'O-1234', amount: 51 } };
  // #region assert-decision
  assertDecision(policy, { ...large, principal: ada, now }, 'hold', 'approval.required');
  // #endregion
});

// #region never
it('no call with a wildcard region is ever allowed', () => {
  assertNever(policy, { effect: 'allow', where: 'arguments.region == "*"' });
});

it('nothing is written for somebody who is not in support', () => {
  assertNever(policy, {
    effect: 'allow',
    tool: 'refund.create',
    where: ({ principal }) => principal.roles?.includes('support') !== true,
  });
});
// #endregion

it('the error reads as the guide shows it', async () => {
  const text = await readFile(join(import.meta.dirname, 'desk.yaml'), 'utf8');
  const wider = parsePolicy(text.replace('us-west]', "us-west, '*']"), { file: 'desk.yaml' });
  const guide = await readFile(join(import.meta.dirname, '../../docs/guide/test-a-policy.md'), 'utf8');
  const shown = /^```text\n(?<message>.*?)\n```$/msu.exec(guide)?.groups?.['message'];
  let message: unknown;
  try {
    assertNever(wider, { effect: 'allow', where: 'arguments.region == "*"' });
  } catch (error) {
    message = (error as Error).message;
  }
  expect(message).toBe(shown);
});

// #region always
it('a refund of more than 200 is always denied', () => {
  assertAlways(policy, { effect: 'deny', tool: 'refund.create', where: 'arguments.amount > 200' });
});
// #endregion

// #region proved
it('a wildcard region is ruled out by the policy, not just by luck', () => {
  expect(assertNever(policy, { effect: 'allow', where: 'arguments.region == "*"' }).proved).toBe(true);
});
// #endregion

it('finds the call', () => {
  // #region find
  const { found } = findCall(policy, { effect: 'allow', where: 'arguments.amount > 49' });
  expect(found?.call.arguments).toEqual({ order: 'O-0000', amount: 50 });
  // #endregion
});

// #region calls
it('an argument that nobody named is denied, whatever its name', () => {
  const calls = callsOf(policy, {
    tool: 'ticket.search',
    principals: [ada],
    variants: ['extra', 'prototype-key'],
    seed: 7,
  });
  for (const call of calls.take(200)) expect(policy).toDeny(call, 'arguments.envelope');
});
// #endregion

// #region survivors
it('every weakening of the policy fails a test', () => {
  const survivors = survivorsOf(policy, suite).map(({ pointer, what }) => `${pointer}: ${what}`);
  expect(survivors).toEqual([
    // 81 characters, for which nobody has written a test yet
    '/servers/tickets/tools/ticket.search/arguments/text/maxLength: bound removed',
    // cannot be noticed: without it the condition of the approval cannot be evaluated, which denies
    '/servers/tickets/tools/refund.create/arguments/amount: made optional',
  ]);
});
// #endregion
