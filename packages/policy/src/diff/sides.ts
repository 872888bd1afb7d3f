import {
  canonicalize,
  isJsonObject,
  own,
  parsePointer,
  resolvePointer,
  type JsonObject,
  type JsonValue,
} from '@callgate/canonical';

import type { ServerIdentity } from '../call.ts';
import { TextSearcher } from '../compare/text-search.ts';
import { compileServer } from '../compile/compile-server.ts';
import type { Entry } from '../compile/entry.ts';
import { ServerRuntime, type EntryTable, type PolicyRuntime, type ServerParts } from '../compile/server-runtime.ts';
import type { Stage } from '../decision.ts';
import type { ServerDocument, WhoDocument } from '../document/types.ts';
import type { RegisterRuntime } from '../exceptions/register.ts';
import { IssueList } from '../load/issues.ts';
import { SourceMap } from '../load/source-map.ts';
import { DEFAULT_DRIFT_RULES } from '../drift/drift-rules.ts';
import { DEFAULT_OUTGOING_RULES } from '../outgoing/outgoing-rules.ts';
import { DEFAULT_RESULT_RULES } from '../results/result-rules.ts';

/** What comparing two policies shares. */
export interface Comparison {
  readonly before: PolicyRuntime;
  readonly after: PolicyRuntime;
  readonly texts: TextSearcher;
  /** The exceptions that go with each: they are set aside, and what they lift proves nothing. */
  readonly registers: readonly [RegisterRuntime | undefined, RegisterRuntime | undefined];
}

/** Exceptions are set aside: they are compared on their own. */
export function comparisonOf(before: PolicyRuntime, after: PolicyRuntime): Comparison {
  return {
    before: before.withExceptions(undefined),
    after: after.withExceptions(undefined),
    texts: new TextSearcher(),
    registers: [before.exceptions, after.exceptions],
  };
}

/** One policy's part of what is said about a server. */
export interface ServerSide {
  readonly policy: PolicyRuntime;
  readonly isRegistered: boolean;
  /** Of a server that is not registered: one that permits nothing, in the policy's stage. */
  readonly parts: ServerParts;
  readonly document: ServerDocument;
}

/** What a policy says about a server; nothing, for one that it does not register. */
export function serverSideOf(policy: PolicyRuntime, name: string): ServerSide {
  const server = policy.servers.get(name);
  const document = policy.document.servers[name];
  if (server !== undefined && document !== undefined) {
    return { policy, isRegistered: true, parts: server.parts, document };
  }
  const nothing: ServerDocument = { logging: 'deny' };
  return { policy, isRegistered: false, parts: emptyServer(name, nothing, policy.stage).parts, document: nothing };
}

function emptyServer(name: string, document: ServerDocument, stage: Stage): ServerRuntime {
  const context = {
    issues: new IssueList(new SourceMap(null)),
    kinds: new Map<never, never>(),
    location: (): undefined => undefined,
  };
  const scope = {
    stage,
    owners: {},
    result: DEFAULT_RESULT_RULES,
    outgoing: DEFAULT_OUTGOING_RULES,
    drift: DEFAULT_DRIFT_RULES,
  };
  return compileServer(name, document, '', scope, context);
}

/** An entry together with what the policy's author wrote. */
export interface EntrySide {
  readonly entry: Entry;
  /** The entry's part of the document; `{}` where it is no object (a prompt that says `any`). */
  readonly document: JsonObject;
  /** Equal for entries that are written alike. */
  readonly text: string;
  readonly who: WhoDocument | undefined;
}

const entrySides = new WeakMap<Entry, EntrySide>();

/** An entry with its part of the document. */
export function entrySideOf(policy: PolicyRuntime, entry: Entry): EntrySide {
  const known = entrySides.get(entry);
  if (known !== undefined) return known;
  const rule = entry.references[0]?.rule ?? '';
  const value = resolvePointer(policy.document as unknown as JsonValue, parsePointer(rule)) ?? {};
  const document = isJsonObject(value) ? value : {};
  const side: EntrySide = {
    entry,
    document,
    text: canonicalize(value),
    who: own(document, 'who') as WhoDocument | undefined,
  };
  entrySides.set(entry, side);
  return side;
}

/** The entries that judge a name. */
export function entriesOf(policy: PolicyRuntime, table: EntryTable, name: string): readonly EntrySide[] {
  return table.find(name).map((entry) => entrySideOf(policy, entry));
}

/** A policy in which some servers may be anybody: for comparing what else differs where their identities do. */
export function withoutIdentity(policy: PolicyRuntime, names: ReadonlySet<string>): PolicyRuntime {
  if (names.size === 0) return policy;
  const servers = new Map(
    [...policy.servers].map(([name, server]) => [
      name,
      names.has(name) ? new ServerRuntime({ ...server.parts, matchesIdentity: undefined }) : server,
    ]),
  );
  return policy.withServers(servers);
}

/** Identities under which a call may reach the server in either policy, without repeats; undefined: nothing was observed. */
export function identitiesOf(before: ServerSide, after: ServerSide): readonly (ServerIdentity | undefined)[] {
  const declared = [after.parts.identity, before.parts.identity].filter((identity) => identity !== null);
  const distinct = new Map(declared.map((identity) => [JSON.stringify(identity), identity]));
  return distinct.size === 0 ? [undefined] : [...distinct.values()];
}

/** The rules that exceptions of a policy waive. */
export function waivedIn(register: RegisterRuntime | undefined): ReadonlySet<string> {
  return new Set((register?.exceptions ?? []).flatMap(({ waivedRules }) => Array.from(waivedRules)));
}

/** Whether exceptions of a policy accept arguments for tools of a server that their entries need not accept. */
export function acceptsOthers(register: RegisterRuntime | undefined, server: string): boolean {
  return (register?.exceptions ?? []).some(
    ({ document, envelope }) => document.server === server && envelope !== undefined,
  );
}
