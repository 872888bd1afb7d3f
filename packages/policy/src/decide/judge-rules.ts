import { isJsonObject, type Instant, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { DecisionContext, Direction, Principal } from '../call.ts';
import type { Entry } from '../compile/entry.ts';
import type { PolicyRuntime, ServerRuntime } from '../compile/server-runtime.ts';
import type { ConditionError, ConditionInput } from '../conditions/condition.ts';
import type { Relief } from '../exceptions/relief.ts';
import type { Effect, NextStep, PolicyCode, Ring, ToolEffect } from '../decision.ts';
import { controlsOf } from '../history/attach-controls.ts';
import type { ControlRule } from '../history/control-rule.ts';
import { isIdentified } from '../match/who.ts';
import { judgeRule, type RuleCall } from '../rules/evaluate-rules.ts';
import { ruleSetOf } from '../rules/rule-index.ts';
import type { ByRing, Rule, RuleSet, RuleTarget } from '../rules/rule.ts';
import { addVerdicts, askControls, costOf } from './judge-controls.ts';
import { severest, type Draft } from './draft.ts';

/** A message for the rules across servers and tools. */
export interface RuledCall {
  readonly server: ServerRuntime;
  readonly direction: Direction;
  readonly method: string;
  /** The tool's name, for a tool call. */
  readonly tool: string | undefined;
  /** The entries that judge it. */
  readonly entries: readonly Entry[];
  readonly args: JsonValue | undefined;
  readonly principal: Principal;
  readonly run: string | undefined;
  readonly parents: readonly string[] | undefined;
  readonly now: Instant | undefined;
  readonly history: DecisionContext['history'];
  /** Whether another call carries it. */
  readonly isInner?: boolean;
  /** What exceptions lift. */
  readonly relief?: Relief | undefined;
}

const NO_ARGUMENTS: JsonObject = Object.freeze({});

/** Judges a call by every rule and control that can apply to it, and adds what they say to the draft. Only narrows. */
export function judgeRules(policy: PolicyRuntime, call: RuledCall, draft: Draft): void {
  const target = targetOf(call);
  const set = ruleSetFor(policy, call, target);
  const own = call.entries.flatMap((entry) => entry.ownRules);
  const controls = controlsFor(policy, call, target);
  if (set === undefined && own.length === 0 && controls === undefined) return;
  const judged: RuleCall = {
    principal: call.principal,
    args: isJsonObject(call.args) ? call.args : NO_ARGUMENTS,
    envelopes: call.entries.map((entry) => entry.envelope),
    input: inputOf(call, target.ring, target),
  };
  const base = target.ring ?? 0;
  const ring = (set?.raises ?? []).reduce<Ring>(
    (highest, rule) => raise(rule, highest, base, call, judged, draft),
    base,
  );
  // raising must not take a call out of reach of what is about its own ring
  const rules = new Set((set?.byRing.slice(base, ring + 1) ?? []).flat());
  for (const rule of [...rules, ...(isMerged(call) ? [] : own)]) judge(rule, judged, call.relief, draft);
  if (controls === undefined) return;
  const concerned = new Set(controls.slice(base, ring + 1).flat());
  const sight = {
    ...call,
    args: judged.args,
    ring: target.ring === undefined ? undefined : ring,
    effect: target.effect,
    cost: costOf(call.entries),
  };
  addVerdicts(askControls([...concerned], sight, judged.envelopes, call.history), call.relief, draft);
}

/** For an entry of one tool, the set sorted out at load, which holds the entry's own rules too. */
function ruleSetFor(policy: PolicyRuntime, call: RuledCall, target: RuleTarget): RuleSet | undefined {
  if (isMerged(call)) return call.entries[0]?.rules;
  return policy.rules.length === 0 ? undefined : ruleSetOf(policy.rules, target);
}

/** The same of controls. */
function controlsFor(policy: PolicyRuntime, call: RuledCall, target: RuleTarget): ByRing<ControlRule> | undefined {
  if (isMerged(call)) return call.entries[0]?.controls;
  const { entries } = call;
  if (policy.controls.length === 0 && entries.every(({ ownControls }) => ownControls.length === 0)) return undefined;
  return controlsOf(policy.controls, target, entries);
}

function isMerged({ server, tool, entries }: RuledCall): boolean {
  return tool !== undefined && entries.length === 1 && server.parts.tools.exact.get(tool)?.[0] === entries[0];
}

/** What rules can match of a call without looking at its arguments. Of what no entry is about, ring and effect are unsaid. */
export function targetOf({
  server,
  direction,
  method,
  tool,
  entries,
}: Pick<RuledCall, 'server' | 'direction' | 'method' | 'tool' | 'entries'>): RuleTarget {
  const rings = entries.map((entry) => entry.ring);
  return {
    server: server.name,
    direction,
    method,
    tool,
    ring: rings.length === 0 ? undefined : (Math.max(...rings) as Ring),
    effect: severest(entries),
    labels: entries.length === 0 ? undefined : [...new Set(entries.flatMap((entry) => entry.labels))].toSorted(),
  };
}

/** What conditions read of a call. */
export function inputOf(
  call: Pick<RuledCall, 'server' | 'tool' | 'method' | 'direction' | 'args' | 'principal' | 'run' | 'now'>,
  ring: Ring | undefined,
  target: { readonly effect: ToolEffect | undefined; readonly labels: readonly string[] | undefined },
): ConditionInput {
  const { server, tool, method, direction, args, principal, run, now } = call;
  return {
    server: server.facts,
    // of a tool that no entry is about nothing is known, and what reads it errs
    tool:
      tool === undefined || ring === undefined || target.effect === undefined
        ? undefined
        : { name: tool, ring, effect: target.effect, labels: target.labels ?? [] },
    method,
    direction,
    arguments: isJsonObject(args) ? args : NO_ARGUMENTS,
    principal,
    run,
    now,
  };
}

/** The ring after a rule that raises it, with what follows from that: an envelope, a principal, an approval. */
function raise(rule: Rule, highest: Ring, base: Ring, call: RuledCall, judged: RuleCall, draft: Draft): Ring {
  const verdict = judgeRule(rule, judged);
  if (verdict === 'silent' || rule.stage === 'off' || isWaived(rule, call.relief, draft)) return highest;
  if (verdict !== 'applies') {
    refuseUnjudged(rule, verdict, draft);
    return highest;
  }
  const { ring } = rule;
  if (ring <= base) return highest;
  const subject = call.entries[0]?.subject ?? 'the call';
  if (base === 0 && call.entries.some((entry) => !entry.hasEnvelope))
    add(
      rule,
      'deny',
      'ring.envelope_missing',
      `${subject} counts as of ring ${ring} and the policy gives it no envelope`,
      draft,
    );
  else if (ring >= 2 && base < 2 && !isIdentified(call.principal))
    add(
      rule,
      'deny',
      'principal.missing',
      `${subject} counts as of ring ${ring} and needs an identified principal`,
      draft,
    );
  else if (ring === 3)
    add(rule, 'hold', 'approval.required', holdMessage(rule, `${subject} counts as of ring 3 and`), draft);
  else add(rule, 'allow', 'allowed', `${subject} counts as of ring ${ring}`, draft);
  return rule.stage === 'enforce' && ring > highest ? ring : highest;
}

function judge(rule: Rule, call: RuleCall, relief: Relief | undefined, draft: Draft): void {
  if (rule.stage === 'off') return;
  const verdict = judgeRule(rule, call);
  if (verdict === 'silent') return;
  if (isWaived(rule, relief, draft)) return;
  if (rule.outcome === 'observe') {
    if (verdict === 'applies') draft.observed.push(rule.references[0]);
    else noteError(rule, verdict, draft);
  } else if (verdict !== 'applies') {
    refuseUnjudged(rule, verdict, draft);
  } else if (rule.outcome === 'hold') {
    add(rule, 'hold', 'approval.required', holdMessage(rule, 'the call'), draft);
  } else {
    refuse(rule, draft);
  }
}

/** Whether an exception waives what the rule says; it is then among those that were needed. */
function isWaived(rule: Rule, relief: Relief | undefined, draft: Draft): boolean {
  const exception = rule.outcome === 'observe' ? undefined : relief?.ofRule(rule.id);
  if (exception === undefined) return false;
  draft.exceptions.push(exception.id);
  return true;
}

function holdMessage(rule: Rule, subject: string): string {
  const who = rule.approvers === undefined ? '' : ` by ${rule.approvers.map((name) => `\`${name}\``).join(' or ')}`;
  return `${subject} needs approval${who}`;
}

/** Without the author's words the denial says no more than that there is a rule: what it says may be nobody's business. */
function refuse(rule: Rule, draft: Draft): void {
  draft.findings.add({
    code: 'rule',
    pointer: '',
    expected: rule.message ?? 'a call that every rule of the policy lets pass',
    got: 'one that a rule denies',
    hint: '',
    ...placed(rule),
  });
  add(rule, 'deny', 'rule.denied', 'a rule of the policy denies this call', draft, nextOf(rule));
}

/** What may help: another time, other arguments, or nothing. */
function nextOf({ condition, resources }: Rule): NextStep {
  if (condition?.readsArguments === true || resources !== undefined) return 'fix_arguments';
  return condition?.readsNow === true ? 'wait' : 'stop';
}

function refuseUnjudged(rule: Rule, error: ConditionError, draft: Draft): void {
  noteError(rule, error, draft);
  if (error.code === 'missing' || error.code === 'type') {
    draft.findings.add({
      code: `rule.${error.code}`,
      pointer: '',
      expected: 'a call that every rule of the policy can judge',
      got: error.message,
      hint: '',
      ...placed(rule),
    });
  }
  add(rule, 'deny', 'evaluation.error', 'a rule of the policy cannot judge this call', draft);
}

function noteError(rule: Rule, error: ConditionError, draft: Draft): void {
  draft.findings.addError({ code: `rule.${error.code}`, pointer: '', message: error.message, ...placed(rule) });
}

function placed(rule: Rule): { readonly location?: NonNullable<Rule['references'][0]['location']> } {
  const { location } = rule.references[0];
  return location === undefined ? {} : { location };
}

function add(rule: Rule, effect: Effect, code: PolicyCode, message: string, draft: Draft, next?: NextStep): void {
  draft.add({
    effect,
    code,
    stage: rule.stage,
    message: effect === 'deny' ? (rule.message ?? message) : message,
    references: rule.references,
    rule,
    ...(rule.outcome === 'raise' ? { ring: rule.ring } : {}),
    ...(next === undefined ? {} : { next }),
  });
}
