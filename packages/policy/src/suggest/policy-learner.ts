import { isJsonObject, own, type JsonObject } from '@callgate/canonical';

import type { Call } from '../call.ts';
import { decide } from '../decide/decide.ts';
import type { PolicyDocument, ServerDocument, ToolDocument } from '../document/types.ts';
import { IGNORED_HISTORY } from '../history/ignored-history.ts';
import type { ArgumentKind } from '../kinds/kind.ts';
import { compilePolicy } from '../load/load.ts';
import { PROTOCOL_METHODS } from '../methods/protocol-methods.ts';
import { CallGroups } from './call-groups.ts';
import { Holdout } from './holdout.ts';
import { IdentityProfile } from './identity-profile.ts';
import { isListableName } from './listable.ts';
import type { ObservedCall } from './observed-call.ts';
import { rateMeters } from './rate-meters.ts';
import type { HeldOutCheck, HeldOutRefusal, ObservedRate, PolicyNote, SkippedCalls, Suggestion } from './suggestion.ts';
import type { ToolDefinition } from './tool-definition.ts';
import { ToolProfile, toolPointer } from './tool-profile.ts';

/** What a policy is suggested with. */
export interface SuggestOptions {
  /** The policy's name. Default `suggested`. */
  readonly name?: string;
  /** The argument kinds that envelopes may name, loaded. Default none. */
  readonly kinds?: readonly ArgumentKind[];
  /** How many calls a list of values, a constant or a reliable bound needs at least. 1 to 1,000, default 8. */
  readonly leastSupport?: number;
  /** How much of the calls to check with instead of learning from them, 0 ≤ share < 1. Default 0.2. */
  readonly holdout?: number;
  /** What a server says of its tools: from its list of tools, a lock, a manifest. Asked by the server's name. Default nothing. */
  readonly toolsOf?: (server: string) => readonly ToolDefinition[];
  /** Learn from calls that were denied or held as well. Default false. */
  readonly learnsRefused?: boolean;
}

/** Tools that are told apart in all; calls of further ones are skipped. */
const MAX_TOOLS = 2000;

/** Runs that are counted one by one. */
const MAX_RUNS = 100_000;

/** Roles whose calls are counted. */
const MAX_ROLES = 1000;

const DEFAULT_SUPPORT = 8;
const DEFAULT_HOLDOUT = 0.2;

interface ServerProfile {
  readonly identity: IdentityProfile;
  readonly tools: Map<string, ToolProfile>;
}

/**
 * Suggests the tightest policy that lets calls pass: see {@link PolicyLearner}.
 *
 * @throws {RangeError} when an option is out of range
 */
export function suggestPolicy(calls: Iterable<ObservedCall>, options: SuggestOptions = {}): Suggestion {
  const learner = new PolicyLearner(options);
  for (const call of calls) learner.see(call);
  return learner.suggest();
}

/**
 * Learns a policy from tool calls, one at a time, in memory that does not grow with their number.
 *
 * The policy lets pass every call that it was learned from, and lists no value that looks like a credential or is free text. It is
 * a proposal: what was seen is not what should be.
 */
export class PolicyLearner {
  readonly #options: SuggestOptions;
  readonly #leastSupport: number;
  readonly #kinds: ReadonlyMap<string, ArgumentKind>;
  readonly #holdout: Holdout;
  readonly #servers = new Map<string, ServerProfile>();
  readonly #skipped = new CallGroups<Omit<SkippedCalls, 'calls'>>();
  readonly #runs = new Set<string>();
  readonly #roles = new Map<string, number>();
  #tools = 0;
  #calls = 0;

  /** @throws {RangeError} when an option is out of range */
  constructor(options: SuggestOptions = {}) {
    const { leastSupport = DEFAULT_SUPPORT, holdout = DEFAULT_HOLDOUT, kinds = [] } = options;
    if (!Number.isInteger(leastSupport) || leastSupport < 1 || leastSupport > 1000)
      throw new RangeError('leastSupport: expected a whole number from 1 to 1000');
    if (!(holdout >= 0 && holdout < 1)) throw new RangeError('holdout: expected a share from 0 to below 1');
    this.#options = options;
    this.#leastSupport = leastSupport;
    this.#kinds = new Map(kinds.map((kind) => [kind.name, kind]));
    this.#holdout = new Holdout(holdout);
  }

  /** Calls that came, skipped ones aside. */
  get calls(): number {
    return this.#calls + this.#holdout.calls;
  }

  /** Takes a call in. */
  see(observed: ObservedCall): void {
    const reason = this.#reasonToSkip(observed);
    if (reason !== undefined) {
      if (reason !== '') this.#skip(observed.call, reason);
      return;
    }
    for (const call of this.#holdout.take(observed)) this.#learn(call);
  }

  /** What was learned. Can be asked again after further calls. */
  suggest(): Suggestion {
    const notes: PolicyNote[] = [];
    const rates: ObservedRate[] = [];
    const thin: string[] = [];
    const servers: Record<string, ServerDocument> = {};
    for (const [name, profile] of [...this.#servers].toSorted(byName)) {
      servers[name] = this.#server(name, profile, notes, rates, thin);
    }
    const meters = rateMeters(
      rates.filter((rate) => this.#isSupported(rate)),
      (rate) => this.#isInRuns(rate),
    );
    if (meters.length > 0)
      notes.push({ pointer: '/meters', message: 'the most calls that were seen of each tool, rounded up' });
    const document: PolicyDocument = {
      callgate: 1,
      name: this.#options.name ?? 'suggested',
      version: '1',
      ...(meters.length === 0 ? {} : { meters }),
      servers,
    };
    return {
      document,
      notes,
      calls: this.#calls,
      runs: this.#runs.size,
      rates,
      heldOut: this.#check(document),
      skipped: this.#skipped.all(),
      thin,
    };
  }

  #isSupported({ server, tool }: ObservedRate): boolean {
    return (this.#servers.get(server)?.tools.get(tool)?.calls ?? 0) >= this.#leastSupport;
  }

  #isInRuns({ server, tool }: ObservedRate): boolean {
    return this.#servers.get(server)?.tools.get(tool)?.outsideRuns === 0;
  }

  #server(
    name: string,
    { identity, tools }: ServerProfile,
    notes: PolicyNote[],
    rates: ObservedRate[],
    thin: string[],
  ): ServerDocument {
    const context = {
      leastSupport: this.#leastSupport,
      note: (note: PolicyNote): unknown => notes.push(note),
      callsOf: (role: string): number => this.#roles.get(role) ?? 0,
    };
    const entries: Record<string, ToolDocument> = {};
    for (const [tool, profile] of [...tools].toSorted(byName)) {
      entries[tool] = profile.learned(context, toolPointer(name, tool));
      rates.push(...profile.rates.learned(name, tool));
      if (profile.calls < this.#leastSupport)
        thin.push(`\`${tool}\` on \`${name}\`: ${profile.calls} of at least ${this.#leastSupport} calls`);
    }
    const observed = identity.learned();
    return { ...(observed === undefined ? {} : { identity: observed }), tools: entries };
  }

  /** Undefined where the call is to be learned from; empty where nothing has to be said. */
  #reasonToSkip({ call, effect }: ObservedCall): string | undefined {
    const kind = PROTOCOL_METHODS[call.direction].get(call.method);
    if (kind === 'always') return '';
    if (kind !== 'tool-call') return 'no tool call: allow it by hand';
    if (effect !== undefined && effect !== 'allow' && this.#options.learnsRefused !== true)
      return 'it was denied or held when it was made';
    const name = own(call.params, 'name');
    if (typeof name !== 'string' || !isListableName(name) || !isListableName(call.server))
      return 'its name, or its server’s, may not stand in a policy';
    if (name.includes('*')) return '`*` in its name, which in a policy is any run of characters';
    const args = own(call.params, 'arguments');
    if (args !== undefined && !isJsonObject(args)) return 'its arguments are no object';
    if (Object.keys(call.params).some((key) => key !== 'name' && key !== 'arguments' && key !== '_meta'))
      return 'it says more than a name and arguments';
    const isKnown = this.#servers.get(call.server)?.tools.has(name) === true;
    return !isKnown && this.#tools >= MAX_TOOLS ? 'more tools than are told apart' : undefined;
  }

  #skip(call: Call, reason: string): void {
    const name = own(call.params, 'name');
    const target = call.method === 'tools/call' && typeof name === 'string' ? name : call.method;
    this.#skipped.add({
      server: isListableName(call.server) ? call.server : '…',
      target: isListableName(target) ? target : '…',
      reason,
    });
  }

  #learn(observed: ObservedCall): void {
    const { server, identity, params, principal, run } = observed.call;
    const name = toolOf(params);
    let profile = this.#servers.get(server);
    if (profile === undefined) {
      profile = { identity: new IdentityProfile(), tools: new Map() };
      this.#servers.set(server, profile);
    }
    let tool = profile.tools.get(name);
    if (tool === undefined) {
      const definition = this.#options.toolsOf?.(server).find((known) => known.name === name);
      tool = new ToolProfile(name, definition, this.#kinds);
      profile.tools.set(name, tool);
      this.#tools += 1;
    }
    this.#calls += 1;
    if (run !== undefined && this.#runs.size < MAX_RUNS) this.#runs.add(run);
    for (const role of new Set(principal.roles)) {
      if (this.#roles.has(role) || this.#roles.size < MAX_ROLES)
        this.#roles.set(role, (this.#roles.get(role) ?? 0) + 1);
    }
    profile.identity.see(identity);
    tool.see(observed);
  }

  /** Decides the held-out calls by what was learned from the others. */
  #check(document: PolicyDocument): HeldOutCheck {
    const { kept, calls, by } = this.#holdout;
    const policy = compilePolicy(document, { kinds: [...this.#kinds.values()] });
    const refused = new CallGroups<Omit<HeldOutRefusal, 'calls'>>();
    let allowed = 0;
    for (const { call, at } of kept) {
      const { effect, code, message, violations } = decide(policy, call, { now: at, history: IGNORED_HISTORY });
      if (effect === 'allow') {
        allowed += 1;
        continue;
      }
      const [violation] = violations;
      const reason = violation === undefined ? message : `${violation.pointer}: expected ${violation.expected}`;
      refused.add({ server: call.server, tool: toolOf(call.params), effect, code, reason });
    }
    return { by, calls, checked: kept.length, allowed, refused: refused.all() };
  }
}

function toolOf(params: JsonObject): string {
  const name = own(params, 'name');
  return typeof name === 'string' ? name : '';
}

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}
