import {
  isJsonObject,
  own,
  parsePointer,
  resolvePointer,
  type Instant,
  type JsonObject,
  type JsonValue,
} from '@callgate/canonical';

import type { Call, DecisionContext } from '../call.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import type { Entry } from '../compile/entry.ts';
import { runtimeOf, type PolicyRuntime } from '../compile/server-runtime.ts';
import { decide } from '../decide/decide.ts';
import type { Decision, PolicyLocation, Ring, Stage, Violation } from '../decision.ts';
import type { OwnedLayer, WhoDocument } from '../document/types.ts';
import type { Rule } from '../rules/rule.ts';
import { describeEnvelope, describeWho } from './describe.ts';
import { repairObject } from './repair.ts';

/** A violation and who answers for the rule it breaks. */
export interface ExplainedViolation extends Violation {
  readonly owner?: string;
}

/** A policy entry that judged the call, in words. */
export interface ExplainedEntry {
  readonly subject: string;
  /** JSON pointer into the policy document. */
  readonly rule: string;
  readonly location?: PolicyLocation;
  readonly ring: Ring;
  readonly stage: Stage;
  readonly owner?: string;
  /** What it accepts, one line for each argument. */
  readonly envelope: readonly string[];
  /** Who it is open to. */
  readonly who: readonly string[];
}

/** A rule across servers and tools that decided, in words. */
export interface ExplainedRule {
  readonly id: string;
  /** JSON pointer into the policy document. */
  readonly rule: string;
  readonly location?: PolicyLocation;
  readonly outcome: 'deny' | 'hold' | 'raise' | 'observe';
  readonly stage: Stage;
  /** The condition as it is written; absent where the rule has none. */
  readonly condition?: string;
  readonly message?: string;
  readonly owner?: string;
  readonly approvers: readonly string[];
}

/**
 * A decision with its reasons, for the people who keep the policy: unlike a {@link Decision} it names whom entries are open to, and
 * may repeat the caller's own values in `passing`.
 */
export interface Explanation {
  readonly decision: Decision;
  readonly violations: readonly ExplainedViolation[];
  readonly entries: readonly ExplainedEntry[];
  /** The rules across servers and tools that have something to say of the call, by id. */
  readonly rules: readonly ExplainedRule[];
  /** The nearest arguments found that are not denied, where the call's are; `decide` was asked, so they are not. */
  readonly passing?: JsonObject;
  /** The first time after now at which the same call is not denied, to a quarter of an hour, where only the time is in its way. */
  readonly passingAt?: Instant;
  /** Who may approve the call, where it is held. */
  readonly approvers: readonly string[];
  /** Who answers for approvals, where the policy says. */
  readonly approvalOwner?: string;
  /** Who answers for exceptions, and so may grant one, where the policy says. */
  readonly exceptionOwner?: string;
}

/**
 * Explains the decision on a call: each violation with its place and owner, the entries in words, and the nearest call that
 * passes.
 *
 * @throws {TypeError} when `policy` is not a compiled policy
 */
export function explain(policy: CompiledPolicy, call: Call, context: DecisionContext = {}): Explanation {
  const runtime = runtimeOf(policy);
  const decision = decide(policy, call, context);
  const entries = entriesOf(runtime, call);
  const passing = passingArguments(runtime, call, context, decision, entries);
  const passingAt = passing === undefined ? passingTime(runtime, call, context, decision) : undefined;
  const approvalOwner = ownerOf(runtime, 'approvals');
  const exceptionOwner = ownerOf(runtime, 'exceptions');
  return Object.freeze({
    decision,
    violations: Object.freeze(decision.violations.map((violation) => explainViolation(runtime, violation, entries))),
    entries: Object.freeze(entries.map((entry) => explainEntry(runtime, entry))),
    rules: Object.freeze(rulesOf(runtime, decision).map(explainRule)),
    ...(passing === undefined ? {} : { passing }),
    ...(passingAt === undefined ? {} : { passingAt }),
    approvers: decision.approvers ?? Object.freeze([]),
    ...(approvalOwner === undefined ? {} : { approvalOwner }),
    ...(exceptionOwner === undefined ? {} : { exceptionOwner }),
  });
}

function ownerOf(policy: PolicyRuntime, layer: OwnedLayer): string | undefined {
  return policy.document.owners?.[layer] ?? policy.document.owners?.policy;
}

/** The entries that judge the call by name: those of its tool, prompt or custom method. */
function entriesOf(policy: PolicyRuntime, call: Call): readonly Entry[] {
  const parts = policy.servers.get(call.server)?.parts;
  if (parts === undefined || !isJsonObject(call.params)) return [];
  const name = own(call.params, 'name');
  if (call.direction === 'client-to-server' && typeof name === 'string') {
    if (call.method === 'tools/call') return parts.tools.find(name);
    if (call.method === 'prompts/get') return parts.prompts.find(name);
  }
  const entry = parts.methods[call.direction].get(call.method);
  return entry === undefined ? [] : [entry];
}

function explainViolation(policy: PolicyRuntime, violation: Violation, entries: readonly Entry[]): ExplainedViolation {
  const isAboutServer = violation.code.startsWith('who.') || violation.code === 'principal';
  const owner = violation.code.startsWith('rule')
    ? ruleAt(policy, violation)?.owner
    : (documentOwner(policy, entries) ?? ownerOf(policy, isAboutServer ? 'servers' : 'envelopes'));
  return Object.freeze({ ...violation, ...(owner === undefined ? {} : { owner }) });
}

/** The owner that an entry names itself. */
function documentOwner(policy: PolicyRuntime, entries: readonly Entry[]): string | undefined {
  for (const entry of entries) {
    const owner = memberOf(policy, entry, 'owner');
    if (typeof owner === 'string') return owner;
  }
  return undefined;
}

function memberOf(policy: PolicyRuntime, entry: Entry, key: string): JsonValue | undefined {
  const rule = entry.references[0]?.rule ?? '';
  const document = resolvePointer(policy.document as unknown as JsonValue, parsePointer(rule));
  return isJsonObject(document) ? own(document, key) : undefined;
}

function explainEntry(policy: PolicyRuntime, entry: Entry): ExplainedEntry {
  const [reference] = entry.references;
  const owner = documentOwner(policy, [entry]) ?? ownerOf(policy, 'servers');
  return Object.freeze({
    subject: entry.subject,
    rule: reference?.rule ?? '',
    ...(reference?.location === undefined ? {} : { location: reference.location }),
    ring: entry.ring,
    stage: entry.stage,
    ...(owner === undefined ? {} : { owner }),
    envelope: describeEnvelope(entry),
    who: describeWho(memberOf(policy, entry, 'who') as WhoDocument | undefined),
  });
}

/** Repairs the arguments entry by entry, and offers the result only if `decide` does not deny it. */
function passingArguments(
  policy: PolicyRuntime,
  call: Call,
  context: DecisionContext,
  decision: Decision,
  entries: readonly Entry[],
): JsonObject | undefined {
  if ((decision.would ?? decision.effect) !== 'deny' || entries.length === 0) return undefined;
  const isCustom = call.method !== 'tools/call' && call.method !== 'prompts/get';
  const given = isCustom ? call.params : own(call.params, 'arguments');
  let args: JsonObject | undefined = isJsonObject(given) ? given : {};
  for (const { envelope } of entries) {
    if (typeof envelope === 'object') args = args === undefined ? undefined : repairObject(envelope, args);
  }
  if (args === undefined) return undefined;
  const params = isCustom ? args : { ...call.params, arguments: args };
  const repaired = decide(policy, { ...call, params }, context);
  return (repaired.would ?? repaired.effect) === 'deny' ? undefined : args;
}

/** The rules that decided or observed. Those that an approval of an entry stands for are told with the entry. */
function rulesOf(policy: PolicyRuntime, { determining, observed = [] }: Decision): readonly Rule[] {
  const ids = new Set(
    [...determining, ...observed].flatMap(({ id, rule }) =>
      id !== undefined && rule.startsWith('/rules/') ? [id] : [],
    ),
  );
  return policy.rules.filter((rule) => ids.has(rule.id));
}

/** The rule that a violation stands for, found by its place. */
function ruleAt(policy: PolicyRuntime, { location }: Violation): Rule | undefined {
  return policy.rules.find(({ references: [reference] }) => reference.location === location && location !== undefined);
}

function explainRule(rule: Rule): ExplainedRule {
  const [{ rule: pointer, location }] = rule.references;
  return Object.freeze({
    id: rule.id,
    rule: pointer,
    ...(location === undefined ? {} : { location }),
    outcome: rule.outcome,
    stage: rule.stage,
    ...(rule.condition === undefined ? {} : { condition: rule.condition.source }),
    ...(rule.message === undefined ? {} : { message: rule.message }),
    ...(rule.owner === undefined ? {} : { owner: rule.owner }),
    approvers: rule.approvers ?? Object.freeze([]),
  });
}

const QUARTER_MS = 900_000;
const SEARCHED_QUARTERS = 8 * 24 * 4;

/** The first quarter of an hour within eight days in which the call is not denied; only where a rule reads the time. */
function passingTime(
  policy: PolicyRuntime,
  call: Call,
  { now }: DecisionContext,
  decision: Decision,
): Instant | undefined {
  if (now === undefined || (decision.would ?? decision.effect) !== 'deny') return undefined;
  if (!rulesOf(policy, decision).some((rule) => rule.condition?.readsNow === true)) return undefined;
  const start = Math.floor(now / QUARTER_MS) * QUARTER_MS;
  for (let quarter = 1; quarter <= SEARCHED_QUARTERS; quarter += 1) {
    const time = start + quarter * QUARTER_MS;
    const then = decide(policy, call, { now: time });
    if ((then.would ?? then.effect) !== 'deny') return time;
  }
  return undefined;
}
