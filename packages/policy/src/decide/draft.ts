import type { JsonObject } from '@callgate/canonical';

import { DEFAULT_MAX_RESULT_BYTES, DEFAULT_TIMEOUT_MS } from '../compile/compile-server.ts';
import type { Entry } from '../compile/entry.ts';
import type {
  Decision,
  DecisionNotice,
  Effect,
  NextStep,
  Obligations,
  PolicyCode,
  Ring,
  RuleReference,
  Stage,
  ToolEffect,
} from '../decision.ts';
import type { Control, ControlNotice } from '../history/control.ts';
import type { Rule } from '../rules/rule.ts';
import { DEFAULT_OUTGOING_RULES, outgoingObligation, strictestOutgoing } from '../outgoing/outgoing-rules.ts';
import { saidOf } from '../results/compile-result.ts';
import { DEFAULT_RESULT_RULES, strictestRules } from '../results/result-rules.ts';
import { Findings } from './findings.ts';
import { EMPTY_SUMMARY } from './summary.ts';

/** What one rule says about a call, before rules are combined. */
export interface Outcome {
  /** What enforcement would do. */
  readonly effect: Effect;
  readonly code: PolicyCode;
  readonly stage: Stage;
  /** One sentence, lower case, no values from the call. */
  readonly message: string;
  readonly references: readonly RuleReference[];
  readonly entry?: Entry;
  /** The control that says it, and in which words. */
  readonly control?: Control;
  readonly notice?: ControlNotice;
  /** The rule across servers and tools that says it. */
  readonly rule?: Rule;
  /** The ring that the rule raises the call to. */
  readonly ring?: Ring;
  /** What the caller can do next, where the code alone does not say. */
  readonly next?: NextStep;
}

const OFF_MESSAGE = 'not judged, the stage is off';

/** Collects what the rules say about one call, and combines it: deny over hold over allow, whatever the order. */
export class Draft {
  readonly findings: Findings = new Findings();
  readonly outcomes: Outcome[] = [];
  readonly hints: string[] = [];
  readonly dispatched: { readonly server: string; readonly tool: string; readonly effect: Effect }[] = [];
  obligations: Obligations | undefined;
  limits: JsonObject | undefined;
  readonly observed: RuleReference[] = [];
  readonly exceptions: string[] = [];
  readonly notices: DecisionNotice[] = [];
  summary: JsonObject = EMPTY_SUMMARY;

  /** Adds an outcome. In stage `off` nothing is judged, so whatever it says counts as an allow. */
  add(outcome: Outcome): void {
    const isOff = outcome.stage === 'off' && outcome.effect !== 'allow';
    this.outcomes.push(isOff ? { ...outcome, effect: 'allow', code: 'allowed', message: OFF_MESSAGE } : outcome);
  }

  /** The combined decision. Frozen, and everything in it. */
  finish(): Decision {
    const { outcomes } = this;
    const would = strongest(outcomes.map((outcome) => outcome.effect));
    const effect = strongest(outcomes.map(staged));
    const deciding = outcomes.filter((outcome) => outcome.effect === would);
    const enforcing = outcomes.filter((outcome) => staged(outcome) === effect);
    const speaking = effect === 'allow' ? deciding : enforcing.filter((outcome) => outcome.effect === effect);
    const primary = first(speaking);
    const stage = strictest(outcomes.map((outcome) => outcome.stage));
    const findings = stage === 'off' ? new Findings() : this.findings;
    const violations = findings.violations();
    const message = primary.code === 'arguments.envelope' ? envelopeMessage(primary, violations) : primary.message;
    const code = effect === 'allow' ? 'allowed' : primary.code;
    const next = effect === 'allow' ? NEXT.allowed : nextStep(primary, speaking);
    return Object.freeze({
      effect,
      ...(would === effect ? {} : { would, wouldCode: first(deciding).code }),
      stage,
      code,
      message:
        effect === 'allow' && would !== 'allow' ? `observed only, enforcement would ${would}: ${message}` : message,
      determining: mergeReferences((effect === 'allow' ? deciding : enforcing).map((outcome) => outcome.references)),
      violations,
      errors: findings.errors(),
      hints: Findings.hints(violations, stage === 'off' ? [] : [...this.hints, ...controlHints(primary, speaking)]),
      retryable: effect === 'hold' || (effect === 'deny' && next === 'wait'),
      next,
      ...this.#besides(effect, would),
      ...(primary.control === undefined ? NOTHING : controlled(effect, speaking)),
      ...classOf(outcomes),
      obligations: this.#obligations(),
      summary: this.summary,
      ...(this.dispatched.length === 0
        ? {}
        : { dispatched: Object.freeze(this.dispatched.map((inner) => Object.freeze(inner))) }),
    });
  }

  /** What only some decisions tell: who observed, what was excepted, who may approve, which soft limits are passed. */
  #besides(effect: Effect, would: Effect): Pick<Decision, 'observed' | 'exceptions' | 'approvers' | 'notices'> {
    const { observed, exceptions } = this;
    const notices = effect === 'deny' ? NONE : this.notices;
    const approvers = would === 'allow' ? undefined : approversOf(this.outcomes);
    if (observed.length + exceptions.length + notices.length === 0 && approvers === undefined) return NOTHING;
    return {
      ...(observed.length === 0 ? {} : { observed: mergeReferences([observed]) }),
      ...(exceptions.length === 0 ? {} : { exceptions: Object.freeze([...new Set(exceptions)].toSorted()) }),
      ...(approvers === undefined ? {} : { approvers }),
      ...(notices.length === 0 ? {} : { notices: sortedNotices(notices) }),
    };
  }

  #obligations(): Obligations {
    const [single] = this.outcomes;
    if (this.outcomes.length === 1 && single?.ring === undefined && this.limits === undefined) {
      return single?.entry?.obligations ?? this.obligations ?? DEFAULT_OBLIGATIONS;
    }
    const all = this.outcomes.flatMap((outcome) => (outcome.entry === undefined ? [] : [outcome.entry.obligations]));
    const base = this.obligations ?? DEFAULT_OBLIGATIONS;
    const { limits } = this;
    const isRaised = this.outcomes.some(
      (outcome) => outcome.ring !== undefined && ringsOf(outcome).some((ring) => ring >= 2),
    );
    const only = all.length === 0 ? base : all.every((candidate) => candidate === all[0]) ? all[0] : undefined;
    if (only !== undefined && limits === undefined && (!isRaised || only.durable)) return only;
    const list = all.length === 0 ? [base] : all;
    const combined = strictestObligations(list);
    return Object.freeze({
      ...combined,
      durable: isRaised || combined.durable,
      ...(limits === undefined ? {} : { limits }),
    });
  }
}

/** What all of the obligations together come to: the least of their bounds, the strictest of their inspections. At least one. */
export function strictestObligations(list: readonly Obligations[]): Obligations {
  return {
    timeoutMs: Math.min(...list.map((item) => item.timeoutMs)),
    maxResultBytes: Math.min(...list.map((item) => item.maxResultBytes)),
    durable: list.some((item) => item.durable),
    ...strictestResult(list),
    ...outgoingObligation(strictestOutgoing(list.map(({ outgoing = DEFAULT_OUTGOING_RULES }) => outgoing))),
  };
}

/** What holds for calls that no entry is about. */
const DEFAULT_OBLIGATIONS: Obligations = Object.freeze({
  timeoutMs: DEFAULT_TIMEOUT_MS,
  maxResultBytes: DEFAULT_MAX_RESULT_BYTES,
  durable: false,
});

/** The strictest of how results are inspected. */
function strictestResult(list: readonly Obligations[]): Pick<Obligations, 'result'> {
  const said = list.map(({ result }) => result ?? DEFAULT_RESULT_RULES);
  const rules = said.filter((result) => result !== 'off');
  return saidOf(rules.length === 0 ? 'off' : rules.reduce((one, other) => strictestRules(one, other)));
}

/** What applies of an outcome in its stage. */
export function staged(outcome: Outcome): Effect {
  return outcome.stage === 'enforce' ? outcome.effect : 'allow';
}

const STRENGTH: Readonly<Record<Effect, number>> = { allow: 0, hold: 1, deny: 2 };
const STRICTNESS: Readonly<Record<Stage, number>> = { off: 0, observe: 1, enforce: 2 };

/** Deny over hold over allow. Of nothing: deny. */
export function strongest(effects: readonly Effect[]): Effect {
  let result: Effect | undefined;
  for (const effect of effects) {
    if (result === undefined || STRENGTH[effect] > STRENGTH[result]) result = effect;
  }
  return result ?? 'deny';
}

/** `enforce` over `observe` over `off`. Of nothing: off. */
export function strictest(stages: readonly Stage[]): Stage {
  return stages.reduce<Stage>((result, stage) => (STRICTNESS[stage] > STRICTNESS[result] ? stage : result), 'off');
}

const SEVERITY: Readonly<Record<ToolEffect, number>> = { read: 0, write: 1, destructive: 2 };

/** The severest effect of the entries that judge; of none: undefined. */
export function severest(entries: readonly Entry[]): ToolEffect | undefined {
  let result: ToolEffect | undefined;
  for (const { toolEffect } of entries) {
    if (result === undefined || SEVERITY[toolEffect] > SEVERITY[result]) result = toolEffect;
  }
  return result;
}

/** The class that a call counts as: the highest ring and the severest effect of what judges it. */
function classOf(outcomes: readonly Outcome[]): Pick<Decision, 'ring' | 'toolEffect'> {
  const [only] = outcomes;
  if (outcomes.length === 1 && only?.entry !== undefined && only.ring === undefined) {
    return { ring: only.entry.ring, toolEffect: only.entry.toolEffect };
  }
  const rings = outcomes.flatMap(ringsOf);
  const toolEffect = severest(outcomes.flatMap(({ entry }) => entry ?? []));
  return {
    ...(rings.length === 0 ? {} : { ring: Math.max(...rings) as Ring }),
    ...(toolEffect === undefined ? {} : { toolEffect }),
  };
}

/** The rings an outcome speaks of: its entry's, and the one a rule raises the call to, where that is enforced. */
function ringsOf({ entry, ring, stage }: Outcome): readonly Ring[] {
  return [...(entry === undefined ? [] : [entry.ring]), ...(ring === undefined || stage !== 'enforce' ? [] : [ring])];
}

/** The codes from what concerns the whole call to what concerns a part of it; the first one present names the decision. */
const PRECEDENCE: readonly PolicyCode[] = [
  'server.unregistered',
  'server.identity_mismatch',
  'method.not_allowed',
  'tool.not_allowed',
  'principal.not_allowed',
  'principal.missing',
  'ring.envelope_missing',
  'evaluation.error',
  'rule.denied',
  'breaker.open',
  'arguments.envelope',
  'dispatch.unresolved',
  'resource.not_allowed',
  'prompt.not_allowed',
  'flow.blocked',
  'plan.required',
  'plan.mismatch',
  'idempotency.key_missing',
  'idempotency.conflict',
  'idempotency.in_doubt',
  'idempotency.in_flight',
  'idempotency.repeated',
  'meter.exceeded',
  'rate.exceeded',
  'concurrency.exceeded',
  'approval.required',
  'allowed',
];

const NEXT: Readonly<Record<PolicyCode, NextStep>> = {
  allowed: 'stop',
  'server.unregistered': 'stop',
  'server.identity_mismatch': 'stop',
  'tool.not_allowed': 'use_other_tool',
  'method.not_allowed': 'stop',
  'resource.not_allowed': 'fix_arguments',
  'prompt.not_allowed': 'use_other_tool',
  'principal.not_allowed': 'use_other_tool',
  'principal.missing': 'stop',
  'ring.envelope_missing': 'stop',
  'arguments.envelope': 'fix_arguments',
  'dispatch.unresolved': 'fix_arguments',
  'rule.denied': 'stop',
  'approval.required': 'request_approval',
  'evaluation.error': 'stop',
  'flow.blocked': 'stop',
  'plan.required': 'use_other_tool',
  'plan.mismatch': 'fix_arguments',
  'idempotency.key_missing': 'fix_arguments',
  'idempotency.conflict': 'fix_arguments',
  'idempotency.in_doubt': 'request_approval',
  'idempotency.in_flight': 'wait',
  'idempotency.repeated': 'stop',
  'breaker.open': 'use_other_tool',
  'meter.exceeded': 'stop',
  'rate.exceeded': 'wait',
  'concurrency.exceeded': 'wait',
};

/**
 * What the caller can do next about all that refuses a call: to wait only where nothing else refuses it. What is held by a control
 * can be approved.
 */
function nextStep(primary: Outcome, refusing: readonly Outcome[]): NextStep {
  const own = nextOf(primary);
  if (primary.control === undefined || own !== 'wait') return own;
  const others = refusing.filter((outcome) => nextOf(outcome) !== 'wait');
  return others.length === 0 ? own : nextOf(first(others));
}

function nextOf({ effect, code, next, control, notice }: Outcome): NextStep {
  if (control !== undefined && effect === 'hold') return 'request_approval';
  return next ?? (notice?.retryAfterMs === undefined ? NEXT[code] : 'wait');
}

/** What only controls tell of a call that they refuse: when it could pass, and what it would carry out. */
function controlled(effect: Effect, refusing: readonly Outcome[]): Pick<Decision, 'retryAfterMs' | 'sources'> {
  const waits = effect === 'allow' ? NONE : refusing.map(({ notice }) => notice?.retryAfterMs ?? Number.NaN);
  const retryAfterMs = Math.max(...waits);
  const sources = new Set(refusing.flatMap(({ notice }) => notice?.sources ?? NONE));
  return {
    ...(Number.isFinite(retryAfterMs) ? { retryAfterMs } : NOTHING),
    ...(sources.size === 0 ? NOTHING : { sources: Object.freeze([...sources].toSorted()) }),
  };
}

/** What would help against the controls that refuse, where one of them names the decision: else it would tell too much. */
function controlHints(primary: Outcome, refusing: readonly Outcome[]): readonly string[] {
  if (primary.control === undefined) return NONE;
  const others = refusing.filter((outcome) => outcome !== primary);
  return [...(primary.notice?.hints ?? NONE), ...others.flatMap(({ notice }) => notice?.hints ?? NONE).toSorted()];
}

/** One notice of each control: inner calls of one call can have it more than once. */
function sortedNotices(notices: readonly DecisionNotice[]): readonly DecisionNotice[] {
  const sorted = notices.toSorted((left, right) => compare(left.id, right.id) || compare(left.message, right.message));
  return Object.freeze(sorted.filter((notice, index) => notice.id !== sorted[index - 1]?.id));
}

/** The outcome that names the decision, by code and then by text, so that the order of rules cannot matter. */
function first(outcomes: readonly Outcome[]): Outcome {
  if (outcomes.length === 1) return outcomes[0] ?? NO_OUTCOME;
  const sorted = outcomes.toSorted(
    (left, right) =>
      PRECEDENCE.indexOf(left.code) - PRECEDENCE.indexOf(right.code) ||
      compare(nameOf(left.references[0]), nameOf(right.references[0])) ||
      compare(left.message, right.message),
  );
  return sorted[0] ?? NO_OUTCOME;
}

/** What a reference is sorted by. The place of a rule in the list of rules says nothing. */
function nameOf(reference: RuleReference | undefined): string {
  return reference?.id ?? reference?.rule ?? '';
}

const NO_OUTCOME: Outcome = {
  effect: 'deny',
  code: 'evaluation.error',
  stage: 'enforce',
  message: 'the call could not be evaluated',
  references: [],
};

function envelopeMessage(primary: Outcome, violations: Decision['violations']): string {
  if (primary.entry?.message !== undefined) return primary.entry.message;
  const authored = violations.find((violation) => violation.message !== undefined)?.message;
  if (authored !== undefined) return authored;
  const [head] = violations;
  if (head === undefined) return primary.message;
  const rest = violations.length - 1;
  return `${primary.message}: ${head.hint}${rest > 0 ? ` (and ${rest} more)` : ''}`;
}

const NONE: readonly never[] = Object.freeze([]);
const NOTHING = Object.freeze({});

function approversOf(outcomes: readonly Outcome[]): readonly string[] | undefined {
  const holding = outcomes.filter((outcome) => outcome.effect === 'hold');
  if (holding.length === 0) return undefined;
  const lists = holding.flatMap(({ entry, rule, control }) => [
    entry?.approvers ?? NONE,
    rule?.approvers ?? NONE,
    control?.approvers ?? NONE,
  ]);
  const names = new Set(lists.flat());
  return names.size === 0 ? undefined : Object.freeze([...names].toSorted());
}

function mergeReferences(lists: readonly (readonly RuleReference[])[]): readonly RuleReference[] {
  const [only] = lists;
  if (lists.length === 1 && only !== undefined && only.length < 2) {
    return Object.isFrozen(only) ? only : Object.freeze(only);
  }
  const merged = new Map(lists.flat().map((reference) => [reference.rule, reference]));
  return Object.freeze([...merged.values()].toSorted((left, right) => compare(nameOf(left), nameOf(right))));
}

function compare(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
