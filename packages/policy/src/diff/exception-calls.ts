import type { JsonObject } from '@callgate/canonical';

import type { Call } from '../call.ts';
import { objectDifferences } from '../compare/value-differences.ts';
import { baseObject, variedObjects } from '../compare/value-samples.ts';
import { principalsFor } from '../compare/who-within.ts';
import type { ObjectCheck } from '../envelope/value-check.ts';
import type { ExceptionRuntime } from '../exceptions/exception.ts';
import { meetingObject } from './candidate-arguments.ts';
import { conditionArguments, conditionPrincipals } from './condition-values.ts';
import { rulesOf } from './diff-rules.ts';
import { checkOf } from './entry-strictness.ts';
import { ruleCalls } from './rule-calls.ts';
import { entriesOf, type Comparison, type EntrySide } from './sides.ts';

const MAX_PRINCIPALS = 12;
const MAX_MEMBERS = 3;

/**
 * Calls of the tools that exceptions are about, with arguments that they accept and others do not, and those that waived rules stop.
 *
 * @param others exceptions that a call may need besides
 */
export function* exceptionCalls(
  exceptions: readonly ExceptionRuntime[],
  others: readonly ExceptionRuntime[],
  comparison: Comparison,
): Generator<Call> {
  const { texts } = comparison;
  const targets = new Map(exceptions.map(({ document: { server, tool } }) => [`${server}\n${tool}`, { server, tool }]));
  for (const { server, tool } of targets.values()) {
    const entries = [comparison.after, comparison.before].flatMap((policy) => {
      const runtime = policy.servers.get(server);
      return runtime === undefined ? [] : entriesOf(policy, runtime.parts.tools, tool);
    });
    const waived = waivedRules(exceptions, comparison);
    const conditions = waived.flatMap(({ rule }) => rule.condition ?? []);
    const whos = [...exceptions.map(({ document }) => document.who), ...entries.map(({ who }) => who)];
    const members = principalsFor(whos, MAX_PRINCIPALS);
    const principals = [...members, ...conditionPrincipals(conditions, members.slice(0, MAX_MEMBERS))];
    const callOf = (args: JsonObject, principal: Call['principal']): Call => ({
      server,
      direction: 'client-to-server',
      method: 'tools/call',
      params: { name: tool, arguments: args },
      principal,
    });
    const together = others.filter(({ document }) => document.server === server && document.tool === tool);
    const bases = basesOf([...exceptions, ...together], entries, comparison);
    for (const args of bases) for (const principal of principals) yield callOf(args, principal);
    const sources = conditions.map(({ source }) => source);
    for (const args of [...conditionArguments(sources, bases), ...differing(exceptions, entries, comparison)]) {
      for (const principal of principals.slice(0, MAX_MEMBERS)) yield callOf(args, principal);
    }
    for (const call of ruleCalls(waived, comparison)) {
      if (call.server === server && call.params['name'] === tool) yield call;
    }
    for (const { envelope } of exceptions) {
      if (envelope === undefined) continue;
      for (const args of variedObjects(envelope, texts)) yield callOf(args, members[0] ?? {});
    }
  }
}

function waivedRules(
  exceptions: readonly ExceptionRuntime[],
  { before, after }: Comparison,
): Parameters<typeof ruleCalls>[0] {
  const [olds, news] = [rulesOf(before), rulesOf(after)];
  const ids = new Set(exceptions.flatMap(({ waivedRules: waived }) => [...waived]));
  return [...ids].flatMap((id) => news.get(id) ?? olds.get(id) ?? []);
}

function basesOf(
  exceptions: readonly ExceptionRuntime[],
  entries: readonly EntrySide[],
  { texts }: Comparison,
): readonly JsonObject[] {
  const accepted = exceptions.flatMap(({ envelope }) => (envelope === undefined ? [] : [baseObject(envelope, texts)]));
  const usual = meetingObject(checksOf(entries), texts);
  return [...accepted.filter((base) => base !== undefined), usual ?? {}];
}

/** Arguments that an exception accepts, and the entries or the other version of it do not. */
function differing(
  exceptions: readonly ExceptionRuntime[],
  entries: readonly EntrySide[],
  { texts }: Comparison,
): readonly JsonObject[] {
  const envelopes = exceptions.flatMap(({ envelope }) => envelope ?? []);
  return envelopes.flatMap((inner) =>
    [...envelopes, ...checksOf(entries)].flatMap((outer) =>
      inner === outer ? [] : objectDifferences(inner, outer, texts),
    ),
  );
}

function checksOf(entries: readonly EntrySide[]): readonly ObjectCheck[] {
  return entries.flatMap(({ entry }) => checkOf(entry.envelope) ?? []);
}
