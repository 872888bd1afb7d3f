import { own, type Instant, type JsonObject } from '@callgate/canonical';

import type { Call, DecisionContext } from '../call.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import type { Entry } from '../compile/entry.ts';
import { runtimeOf, type PolicyRuntime } from '../compile/server-runtime.ts';
import { decide } from '../decide/decide.ts';
import type { Decision, PolicyLocation, Ring, Stage, Violation } from '../decision.ts';
import { IGNORED_HISTORY } from '../history/ignored-history.ts';
import type { Rule } from '../rules/rule.ts';
import { describeEnvelope, describeWho } from './describe.ts';
import { documentOf, ownerOf } from './documents.ts';
import { explainExceptions, type ExplainedException } from './explain-exception.ts';
import { ObservedHistory, type ExplainedControl } from './explain-control.ts';
import { explainRule, type ExplainedRule } from './explain-rule.ts';
import { findWays, type FoundWay } from './find-ways.ts';
import { judgedCallOf, whoOf, type JudgedCall } from './judged-call.ts';
import { tellWay, type PassingWay } from './passing-way.ts';
import type { Situation } from './situation.ts';

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

/**
 * A decision with its reasons, for the people who keep the policy: unlike a {@link Decision} it names whom entries are open to, and
 * may repeat the caller's own values in `ways` and `passing`. What a model may read of it is `explainToModel`'s.
 */
export interface Explanation {
  readonly decision: Decision;
  readonly violations: readonly ExplainedViolation[];
  readonly entries: readonly ExplainedEntry[];
  /** The rules across servers and tools, and conditions of approvals, that have something to say of the call, by id. */
  readonly rules: readonly ExplainedRule[];
  /** The controls over many calls that have something to say of this one, by id, and how far each has come. */
  readonly controls: readonly ExplainedControl[];
  /** The exceptions about the tool that is called, and what each does for the call. */
  readonly exceptions: readonly ExplainedException[];
  /**
   * The smallest changes found after which the call passes, fewest first, at most 4: of a denied call those after which it is allowed or
   * held, of a held one those after which it is allowed. `decide` was asked about each. Of up to 10 changes no part does as well; of more,
   * none can be left out alone. Controls over many calls are set aside: `controls` has what they say. Empty where the call is
   * allowed, or where none was found.
   */
  readonly ways: readonly PassingWay[];
  /** The arguments of the first way that changes only arguments of a denied call, whole. */
  readonly passing?: JsonObject;
  /** The time of the first way that changes only the time of a denied call, or from which controls would let it pass. */
  readonly passingAt?: Instant;
  /** Who may approve the call, where it is held. */
  readonly approvers: readonly string[];
  /** Who answers for approvals, where the policy says. */
  readonly approvalOwner?: string;
  /** Who answers for exceptions, and so may grant one, where the policy says. */
  readonly exceptionOwner?: string;
}

/**
 * Explains the decision on a call: each violation and each condition with its place and owner, the entries in words, and the smallest
 * changes to arguments, principal, run or time after which the call passes. Takes at most some thousand decisions; never throws for
 * anything in the call.
 *
 * @throws {TypeError} when `policy` is not a compiled policy
 */
export function explain(policy: CompiledPolicy, call: Call, context: DecisionContext = {}): Explanation {
  const runtime = runtimeOf(policy);
  const observed = context.history === undefined ? undefined : new ObservedHistory(context.history);
  const decision = decide(policy, call, { ...context, history: observed });
  const situation: Situation = { call, now: context.now };
  const judged = attempt(() => judgedCallOf(runtime, situation));
  const entries = judged?.entries ?? [];
  // ways are looked for without history: no change of a call lets it pass what other calls have used up
  const alone = decide(policy, call, { ...context, history: IGNORED_HISTORY });
  const found = attempt(() => findWays(runtime, situation, alone)) ?? [];
  const isDenied = (decision.would ?? decision.effect) === 'deny';
  const passing = isDenied ? argumentsOf(call, found) : undefined;
  const passingAt = isDenied ? (timeOf(found) ?? retryAt(decision, context.now)) : undefined;
  const approvalOwner = ownerOf(runtime, 'approvals');
  const exceptionOwner = ownerOf(runtime, 'exceptions');
  return Object.freeze({
    decision,
    violations: Object.freeze(decision.violations.map((violation) => explainViolation(runtime, violation, entries))),
    entries: Object.freeze(entries.map((entry) => explainEntry(runtime, entry))),
    rules: Object.freeze(
      rulesOf(runtime, decision, entries).map(
        (rule) => attempt(() => explainRule(rule, runtime, judged?.input)) ?? explainRule(rule, runtime, undefined),
      ),
    ),
    exceptions: Object.freeze(exceptionsOf(runtime, judged, decision)),
    controls: observed?.controls ?? Object.freeze([]),
    ways: Object.freeze(found.map(tellWay)),
    ...(passing === undefined ? {} : { passing }),
    ...(passingAt === undefined ? {} : { passingAt }),
    approvers: decision.approvers ?? Object.freeze([]),
    ...(approvalOwner === undefined ? {} : { approvalOwner }),
    ...(exceptionOwner === undefined ? {} : { exceptionOwner }),
  });
}

/** What is no plain data can make any look at it throw: such a call has been denied, and there is nothing to offer. */
function attempt<Result>(find: () => Result): Result | undefined {
  try {
    return find();
  } catch {
    return undefined;
  }
}

function exceptionsOf(
  policy: PolicyRuntime,
  judged: JudgedCall | undefined,
  decision: Decision,
): readonly ExplainedException[] {
  return (judged === undefined ? undefined : attempt(() => explainExceptions(policy, judged, decision))) ?? [];
}

function argumentsOf({ method }: Call, ways: readonly FoundWay[]): JsonObject | undefined {
  const way = ways.find(({ changes }) =>
    changes.every(({ path: [first] }) => first === 'arguments' || first === 'params'),
  );
  if (way === undefined) return undefined;
  const { params } = way.situation.call;
  if (method !== 'tools/call' && method !== 'prompts/get') return params;
  return (own(params, 'arguments') ?? {}) as JsonObject;
}

/** When waiting alone lets the call pass the controls that refuse it. */
function retryAt({ effect, retryAfterMs }: Decision, now: Instant | undefined): Instant | undefined {
  return effect !== 'deny' || retryAfterMs === undefined || now === undefined ? undefined : now + retryAfterMs;
}

function timeOf(ways: readonly FoundWay[]): Instant | undefined {
  const way = ways.find(({ changes }) => changes.every(({ path: [first] }) => first === 'now'));
  return way?.situation.now;
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
    const owner = own(documentOf(policy, entry), 'owner');
    if (typeof owner === 'string') return owner;
  }
  return undefined;
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
    who: describeWho(whoOf(policy, entry)),
  });
}

/** The rules that decided or observed, and the conditions of approvals that did. */
function rulesOf(
  policy: PolicyRuntime,
  { determining, observed = [] }: Decision,
  entries: readonly Entry[],
): readonly Rule[] {
  const places = new Set([...determining, ...observed].map(({ rule }) => rule));
  const approvals = entries.flatMap((entry) => entry.ownRules);
  return [...policy.rules, ...approvals].filter(({ references: [reference] }) => places.has(reference.rule));
}

/** The rule that a violation stands for, found by its place. */
function ruleAt(policy: PolicyRuntime, { location }: Violation): Rule | undefined {
  return policy.rules.find(({ references: [reference] }) => reference.location === location && location !== undefined);
}
