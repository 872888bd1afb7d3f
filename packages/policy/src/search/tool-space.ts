import { isJsonArray, type Instant, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { Principal, ServerIdentity } from '../call.ts';
import { freshText, instanceOf } from '../compare/name-patterns.ts';
import { TextSearcher } from '../compare/text-search.ts';
import { principalsFor } from '../compare/who-within.ts';
import type { Entry } from '../compile/entry.ts';
import { runtimeOf, type PolicyRuntime, type ServerRuntime } from '../compile/server-runtime.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import type { Condition } from '../conditions/condition.ts';
import { targetOf } from '../decide/judge-rules.ts';
import { meetingObject } from '../diff/candidate-arguments.ts';
import { atomsOf } from '../diff/condition-coverage.ts';
import { conditionPrincipals } from '../diff/condition-values.ts';
import { checkOf } from '../diff/entry-strictness.ts';
import { entrySideOf } from '../diff/sides.ts';
import type { ExceptionRuntime } from '../exceptions/exception.ts';
import { changedCalls, type ToolCall } from './tool-call.ts';
import { objectSpaceOf, type ObjectSpace } from './value-space.ts';

/** What calls of one tool may be, and what of them the policy looks at: for making calls that are worth deciding. */
export interface ToolSpace {
  readonly server: string;
  /** A name, never a pattern. */
  readonly tool: string;
  /** As the policy declares it. */
  readonly identity: ServerIdentity | undefined;
  /** One for each envelope that judges the arguments, of exceptions too; none where everything or nothing passes. */
  readonly arguments: readonly ObjectSpace[];
  /** Arguments that pass every envelope, as few as possible; `{}` where none were found. */
  readonly base: JsonObject;
  /** Whom the entries and rules admit and whom not, at most 24; those that all of them admit first. */
  readonly principals: readonly Principal[];
  /** When to ask; undefined: at no time in particular. */
  readonly times: readonly (Instant | undefined)[];
  /** Constants of the conditions about this tool, and what the envelopes list; at most 64. */
  readonly constants: readonly JsonValue[];
  /** Calls near this one that the conditions of rules judge otherwise; at most 32. */
  near(call: ToolCall): readonly ToolCall[];
}

/** Which tools to look at; undefined: all. */
export interface SearchScope {
  readonly server?: string | undefined;
  /** A name. */
  readonly tool?: string | undefined;
}

const MAX_PRINCIPALS = 24;
const MAX_CONSTANTS = 64;
const MAX_NEAR = 32;
// Monday 2026-01-05 12:00, Tuesday 03:00 and Saturday 12:00 in UTC: working hours, a night and a weekend
const SAMPLE_TIMES: readonly Instant[] = [1_767_614_400_000, 1_767_668_400_000, 1_768_046_400_000];

/**
 * What calls the policy speaks of: one space for each tool, an instance of each pattern, and for each server one tool that it does not
 * name. With a server and a tool in the scope, exactly one, whether the policy knows them or not.
 *
 * @throws {TypeError} when `policy` is not a compiled policy
 */
export function toolSpaces(policy: CompiledPolicy, scope: SearchScope = {}): readonly ToolSpace[] {
  const runtime = runtimeOf(policy);
  const texts = new TextSearcher();
  const servers = scope.server === undefined ? [...runtime.servers.keys()].toSorted() : [scope.server];
  return servers.flatMap((server) =>
    namesOf(runtime, server, scope.tool).map((tool) => spaceOf(runtime, server, tool, texts)),
  );
}

function namesOf(policy: PolicyRuntime, server: string, tool: string | undefined): readonly string[] {
  if (tool !== undefined) return [tool];
  const written = Object.keys(policy.document.servers[server]?.tools ?? {}).toSorted();
  const fresh = freshText(written);
  return [...new Set([...written.map((name) => instanceOf(name, fresh)), `${fresh}${fresh}`])];
}

function spaceOf(policy: PolicyRuntime, server: string, tool: string, texts: TextSearcher): ToolSpace {
  const runtime = policy.servers.get(server);
  const entries = runtime?.parts.tools.find(tool) ?? [];
  const exceptions = policy.exceptions?.of(server, tool) ?? [];
  const conditions = once(() => conditionsFor(policy, runtime, tool, entries));
  const checks = entries.flatMap(({ envelope }) => checkOf(envelope) ?? []);
  const spaces = [...checks, ...envelopesOf(exceptions)].map((check) => objectSpaceOf(check, texts));
  const base = once(() => meetingObject(checks, texts) ?? {});
  const principals = once(() => principalsOf(policy, entries, exceptions, conditions()));
  const constants = once(() => constantsOf(conditions()));
  const near = (call: ToolCall): readonly ToolCall[] =>
    conditions()
      .flatMap((condition) => changedCalls(policy, call, condition))
      .slice(0, MAX_NEAR);
  const times = once(() => {
    const [first, ...others] = timesOf(conditions(), exceptions);
    if (first === undefined) return [first, ...others];
    const call = { server, tool, arguments: base(), principal: principals()[0] ?? {}, now: first };
    return [...new Set([first, ...others, ...near(call).flatMap(({ now }) => now ?? [])])];
  });
  return {
    server,
    tool,
    identity: runtime?.parts.identity ?? undefined,
    arguments: spaces,
    get base() {
      return base();
    },
    get principals() {
      return principals();
    },
    get times() {
      return times();
    },
    get constants() {
      return constants();
    },
    near,
  };
}

function envelopesOf(exceptions: readonly ExceptionRuntime[]): readonly NonNullable<ExceptionRuntime['envelope']>[] {
  return exceptions.flatMap(({ envelope }) => envelope ?? []);
}

/** The conditions of the rules that calls of the tool may meet. */
function conditionsFor(
  policy: PolicyRuntime,
  server: ServerRuntime | undefined,
  tool: string,
  entries: readonly Entry[],
): readonly Condition[] {
  if (server === undefined) return [];
  const target = targetOf({ server, direction: 'client-to-server', method: 'tools/call', tool, entries });
  const rules = policy.rules.filter((rule) => rule.fits({ ...target, ring: undefined }));
  return [...rules, ...entries.flatMap(({ ownRules }) => ownRules)].flatMap(({ condition }) => condition ?? []);
}

function principalsOf(
  policy: PolicyRuntime,
  entries: readonly Entry[],
  exceptions: readonly ExceptionRuntime[],
  conditions: readonly Condition[],
): readonly Principal[] {
  const whos = [
    ...entries.map((entry) => entrySideOf(policy, entry).who),
    ...exceptions.map(({ document }) => document.who),
    ...(policy.document.rules ?? []).map(({ match }) => match?.who),
  ];
  const admitted = principalsFor(whos, MAX_PRINCIPALS);
  const named = conditionPrincipals(conditions, admitted).slice(0, MAX_PRINCIPALS / 2);
  return [...admitted.slice(0, MAX_PRINCIPALS - named.length), ...named];
}

function timesOf(
  conditions: readonly Condition[],
  exceptions: readonly ExceptionRuntime[],
): readonly (Instant | undefined)[] {
  const granted = exceptions.map(({ created }) => created);
  const asked = conditions.some(({ readsNow }) => readsNow) ? SAMPLE_TIMES : [undefined];
  return [...asked, ...granted];
}

function constantsOf(conditions: readonly Condition[]): readonly JsonValue[] {
  const values = conditions.flatMap(({ tree }) =>
    atomsOf(tree).flatMap(({ value }) => (isJsonArray(value) ? value : [value])),
  );
  return [...new Set(values)].slice(0, MAX_CONSTANTS);
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}
