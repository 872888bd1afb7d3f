import { appendPointer } from '@callgate/canonical';

import type { Direction } from '../call.ts';
import type { Stage } from '../decision.ts';
import type {
  EnvelopeDocument,
  MethodDocument,
  OwnedLayer,
  PromptDocument,
  SamplingDocument,
  ServerDocument,
  ToolDocument,
} from '../document/types.ts';
import { parseDuration, parseSize } from '../document/units.ts';
import { compileEnvelope, type CompileContext } from '../envelope/compile-value.ts';
import { compileNameGlob, compileNameSet, type GlobTest } from '../match/glob.ts';
import { compileIdentity } from '../match/identity.ts';
import { compileUriSet } from '../match/resource-uri.ts';
import { PROTOCOL_METHODS } from '../methods/protocol-methods.ts';
import { compileEntry, compileMethod, compileTool, type Inherited } from './compile-entry.ts';
import { compileDrift, type DriftRules } from '../drift/drift-rules.ts';
import { compileOutgoing, outgoingObligation, type OutgoingRules } from '../outgoing/outgoing-rules.ts';
import { compileResult, saidOf, type InheritedResult } from '../results/compile-result.ts';
import { normalizeElicitation, normalizeHost } from './elicitation.ts';
import type { Entry } from './entry.ts';
import { referenceTo } from './reference-to.ts';
import { EntryTable, ServerRuntime, type ServerParts } from './server-runtime.ts';

/** The deadline of calls for which the policy sets none, in milliseconds. */
export const DEFAULT_TIMEOUT_MS = 30_000;

/** The largest result where the policy sets none: 4 MiB, in bytes. */
export const DEFAULT_MAX_RESULT_BYTES: number = 4 * 1024 * 1024;

/** What a server entry takes from the policy around it. */
export interface PolicyScope {
  readonly stage: Stage;
  readonly owners: Readonly<Partial<Record<OwnedLayer, string>>>;
  readonly result: InheritedResult;
  readonly outgoing: OutgoingRules;
  readonly drift: DriftRules;
}

/** Compiles one server entry. What is wrong with it goes to the context's issues. */
export function compileServer(
  name: string,
  server: ServerDocument,
  pointer: string,
  scope: PolicyScope,
  context: CompileContext,
): ServerRuntime {
  const inherited: Inherited = {
    stage: server.stage ?? scope.stage,
    timeoutMs: (server.timeout === undefined ? undefined : parseDuration(server.timeout)) ?? DEFAULT_TIMEOUT_MS,
    maxResultBytes:
      (server.maxResultBytes === undefined ? undefined : parseSize(server.maxResultBytes)) ?? DEFAULT_MAX_RESULT_BYTES,
    owners: scope.owners,
    result: compileResult(server.result, scope.result, appendPointer(pointer, 'result'), context),
    outgoing: compileOutgoing(server.outgoing, scope.outgoing),
  };
  const { stage, timeoutMs, maxResultBytes, result, outgoing } = inherited;
  checkHosts(server, pointer, context);
  return new ServerRuntime({
    name,
    trust: server.trust ?? 'external',
    identity: server.identity ?? null,
    matchesIdentity: identityTest(server, pointer, context),
    stage,
    timeoutMs,
    maxResultBytes,
    drift: compileDrift(server.drift, scope.drift),
    obligations: Object.freeze({
      timeoutMs,
      maxResultBytes,
      durable: false,
      ...saidOf(result),
      ...outgoingObligation(outgoing),
    }),
    tools: table(server.tools, appendPointer(pointer, 'tools'), context, (tool: ToolDocument, key, at) =>
      compileTool(key, tool, at, inherited, context),
    ),
    prompts: table(server.prompts, appendPointer(pointer, 'prompts'), context, (prompt: PromptDocument, key, at) =>
      compilePrompt(key, prompt, at, inherited, context),
    ),
    methods: compileMethods(server.methods ?? {}, appendPointer(pointer, 'methods'), inherited, context),
    resources: compileResources(server, pointer, inherited, context),
    roots: typeof server.roots === 'object' ? compileUriSet(server.roots.allow) : undefined,
    sampling: normalizeSampling(server.sampling),
    elicitation: normalizeElicitation(server.elicitation),
    logging: server.logging !== 'deny',
    completion: server.completion === 'allow',
    tasks: server.tasks === 'allow',
    cache: server.cache === 'allow',
    meta: compileNameSet(server.meta?.allow ?? []),
    headers: compileNameSet((server.headers?.allow ?? []).map((header) => header.toLowerCase())),
    reference: references(pointer, context),
    declares: (key) => server[key] !== undefined,
  });
}

function references(pointer: string, context: CompileContext): ServerParts['reference'] {
  return (key) => referenceTo(key === '' ? pointer : appendPointer(pointer, key), context);
}

function identityTest(
  server: ServerDocument,
  pointer: string,
  context: CompileContext,
): ServerParts['matchesIdentity'] {
  if (server.identity === undefined) return undefined;
  const test = compileIdentity(server.identity);
  if (test === undefined)
    context.issues.add(
      `${pointer}/identity/url`,
      'an absolute http or https URL without credentials, query and fragment',
      'something else',
    );
  return test ?? ((): boolean => false);
}

/** Hosts that no URL can have would never match, which their author cannot mean. */
function checkHosts(server: ServerDocument, pointer: string, context: CompileContext): void {
  const url = typeof server.elicitation === 'object' ? server.elicitation.url : undefined;
  if (typeof url !== 'object') return;
  for (const [index, host] of url.hosts.entries()) {
    if (normalizeHost(host) !== undefined) continue;
    context.issues.add(
      `${pointer}/elicitation/url/hosts/${index}`,
      'a host such as `login.example.com`, or a suffix such as `.example.com`',
      'something else',
    );
  }
}

function table<Document>(
  documents: Readonly<Record<string, Document>> | undefined,
  pointer: string,
  context: CompileContext,
  compile: (document: Document, name: string, pointer: string) => Entry,
): EntryTable {
  const exact = new Map<string, Entry>();
  const patterns: [GlobTest, Entry][] = [];
  for (const name of Object.keys(documents ?? {}).toSorted()) {
    const at = appendPointer(pointer, name);
    const document = documents?.[name];
    if (document === undefined) continue;
    if (isBroken(at, context)) {
      checkEnvelopeAlone(document, at, context);
      continue;
    }
    if (name.includes('**')) {
      context.issues.add(at, 'a name, or a pattern in which one `*` stands for any run of characters', '`**`');
      continue;
    }
    const entry = compile(document, name, at);
    if (name.includes('*')) patterns.push([compileNameGlob(name), entry]);
    else exact.set(name, entry);
  }
  return new EntryTable(exact, patterns);
}

/** Whether the schema already refused something of the entry outside its envelope, whose parts are looked at one by one. */
function isBroken(pointer: string, context: CompileContext): boolean {
  return context.issues.has(pointer) && !context.issues.onlyBelow(pointer, 'arguments');
}

/** Looks for mistakes in the envelope of an entry that has others elsewhere, so that one round shows all. */
function checkEnvelopeAlone(document: unknown, pointer: string, context: CompileContext): void {
  const envelope = (document as { readonly arguments?: unknown } | null)?.arguments;
  if (typeof envelope !== 'object' || envelope === null) return;
  compileEnvelope(envelope as EnvelopeDocument, appendPointer(pointer, 'arguments'), context);
}

function compilePrompt(
  name: string,
  prompt: PromptDocument,
  pointer: string,
  inherited: Inherited,
  context: CompileContext,
): Entry {
  const envelope = prompt === 'any' ? 'any' : prompt.arguments;
  const source = { ring: 1, envelope, envelopePointer: appendPointer(pointer, 'arguments') } as const;
  return compileEntry(`prompt \`${name}\``, source, pointer, inherited, context);
}

function compileMethods(
  documents: Readonly<Record<string, MethodDocument>>,
  pointer: string,
  inherited: Inherited,
  context: CompileContext,
): Readonly<Record<Direction, ReadonlyMap<string, Entry>>> {
  const methods = { 'client-to-server': new Map<string, Entry>(), 'server-to-client': new Map<string, Entry>() };
  for (const name of Object.keys(documents).toSorted()) {
    const at = appendPointer(pointer, name);
    const document = documents[name];
    if (document === undefined || context.issues.has(at)) continue;
    if (PROTOCOL_METHODS[document.direction].has(name)) {
      context.issues.add(at, 'a method that MCP does not define', 'one that has keys of its own in the server entry');
    } else if (name.includes('*')) {
      context.issues.add(at, 'an exact method name', 'a pattern');
    } else {
      methods[document.direction].set(name, compileMethod(name, document, at, inherited, context));
    }
  }
  return methods;
}

function compileResources(
  server: ServerDocument,
  pointer: string,
  inherited: Inherited,
  context: CompileContext,
): ServerParts['resources'] {
  if (server.resources === undefined) return undefined;
  const at = appendPointer(pointer, 'resources');
  const source = { ring: server.resources.ring ?? 0, effect: 'read', envelope: 'any', envelopePointer: at } as const;
  return {
    uris: compileUriSet(server.resources.allow),
    entry: compileEntry('the resource', source, at, inherited, context),
    subscribe: server.resources.subscribe === true,
  };
}

function normalizeSampling(sampling: SamplingDocument | undefined): ServerParts['sampling'] {
  if (typeof sampling === 'object') return { permission: sampling.then, maxTokens: sampling.maxTokens };
  return { permission: sampling ?? 'deny', maxTokens: undefined };
}
