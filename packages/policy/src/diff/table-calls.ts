import { own, type JsonObject } from '@callgate/canonical';

import type { Call } from '../call.ts';
import { principalsFor } from '../compare/who-within.ts';
import type { ObjectCheck } from '../envelope/value-check.ts';
import { carryingArguments, differingArguments, meetingObject, variedArguments } from './candidate-arguments.ts';
import { conditionArguments } from './condition-values.ts';
import { checkOf } from './entry-strictness.ts';
import { judging, type Table } from './entry-table.ts';
import type { EntrySide } from './sides.ts';

const MAX_PRINCIPALS = 48;

/** Principals that every argument is tried with. */
const MAX_MEMBERS = 3;

const MAX_INNER = 8;

/** Calls by a name on which the entries may differ: each principal with plain arguments, then all arguments. */
export function* candidateCalls(
  name: string,
  before: readonly EntrySide[],
  after: readonly EntrySide[],
  table: Table,
): Generator<Call> {
  const { kind, comparison, sides } = table;
  const { texts } = comparison;
  const rules = [...(comparison.before.document.rules ?? []), ...(comparison.after.document.rules ?? [])];
  const whos = [...after, ...before].map(({ who }) => who);
  const principals = principalsFor([...whos, ...rules.map((rule) => rule.match?.who)], MAX_PRINCIPALS);
  const bases = [after, before]
    .map((entries) => meetingObject(checksOf(entries), texts))
    .filter((base) => base !== undefined);
  const conditions = [...before, ...after].flatMap(({ document }) => conditionOf(document));
  const callOf = (args: JsonObject, principal: Call['principal']): Call => ({
    server: sides[0].parts.name,
    direction: 'client-to-server',
    method: kind.method,
    params: { name, arguments: args },
    principal,
  });
  const [first = {}, second = first] = bases;
  const [somebody = {}, ...others] = principals;
  const members = principals.slice(0, MAX_MEMBERS);
  for (const args of bases.length === 0 ? [{}] : bases) yield callOf(args, somebody);
  for (const args of differingArguments(before, after, texts)) {
    for (const principal of members) yield callOf(args, principal);
  }
  for (const principal of others) for (const args of new Set([first, second])) yield callOf(args, principal);
  for (const args of [...carried(before, after, table), ...conditionArguments(conditions, bases)]) {
    for (const principal of members) yield callOf(args, principal);
  }
  for (const args of variedArguments(before, after, texts)) {
    for (const principal of members) yield callOf(args, principal);
  }
}

function checksOf(entries: readonly EntrySide[]): readonly ObjectCheck[] {
  return entries.flatMap(({ entry }) => checkOf(entry.envelope) ?? []);
}

/** The condition of an approval. */
function conditionOf(document: JsonObject): readonly string[] {
  const approval = own(document, 'approval') as { readonly when?: unknown } | string | undefined;
  return typeof approval === 'object' && typeof approval.when === 'string' ? [approval.when] : [];
}

/** For dispatchers: arguments that carry calls of tools that one policy allows, and of one that neither knows. */
function carried(before: readonly EntrySide[], after: readonly EntrySide[], table: Table): readonly JsonObject[] {
  const dispatching = [...after, ...before].filter(({ entry }) => entry.dispatch !== undefined);
  if (dispatching.length === 0) return [];
  const { texts } = table.comparison;
  const names = [...new Set([...table.written[0], ...table.written[1]])].filter((name) => !name.includes('*'));
  const inner = names.slice(0, MAX_INNER).flatMap((tool) =>
    [judging(tool, table, 1), judging(tool, table, 0)].map((entries) => ({
      tool,
      args: meetingObject(checksOf(entries), texts) ?? {},
    })),
  );
  const unknown = { tool: `${table.fresh}${table.fresh}`, args: {} };
  return dispatching.flatMap((entry) =>
    carryingArguments(entry, meetingObject(checksOf([entry]), texts) ?? {}, [...inner, unknown]),
  );
}
