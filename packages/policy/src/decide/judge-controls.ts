import { parsePointer, resolvePointer, type Instant, type JsonObject } from '@callgate/canonical';

import type { DecisionContext, Principal } from '../call.ts';
import type { Entry, Envelope } from '../compile/entry.ts';
import type { ServerRuntime } from '../compile/server-runtime.ts';
import type { Ring, ToolEffect } from '../decision.ts';
import type { Relief } from '../exceptions/relief.ts';
import type { ControlRule } from '../history/control-rule.ts';
import type { Control, ControlVerdict, CostRule } from '../history/control.ts';
import type { ControlledCall, HistoryView } from '../history/history-view.ts';
import { IGNORED_HISTORY } from '../history/ignored-history.ts';
import type { Draft } from './draft.ts';

/** A verdict of a control that is more than to let the call pass. */
export interface SpokenVerdict {
  readonly control: Control;
  readonly verdict: ControlVerdict;
}

/** What controls see of a call besides the call itself. */
export interface ControlSight {
  readonly server: ServerRuntime;
  readonly method: string;
  readonly tool: string | undefined;
  readonly args: JsonObject;
  readonly principal: Principal;
  readonly run: string | undefined;
  readonly parents: readonly string[] | undefined;
  readonly now: Instant | undefined;
  readonly ring: Ring | undefined;
  readonly effect: ToolEffect | undefined;
  readonly cost: CostRule | undefined;
  /** Whether another call carries it: then the gate gives it no key. */
  readonly isInner?: boolean;
}

const NONE: readonly never[] = Object.freeze([]);
const MAX_PARENTS = 16;

/** What the controls say of a call that is more than to let it pass. Each is asked once. */
export function askControls(
  rules: readonly ControlRule[],
  sight: ControlSight,
  envelopes: readonly Envelope[],
  history: DecisionContext['history'],
): readonly SpokenVerdict[] {
  if (history === IGNORED_HISTORY) return NONE;
  const call = controlledCall(sight);
  let spoken: SpokenVerdict[] | undefined;
  for (const rule of rules) {
    const verdict = verdictOf(rule, call, envelopes, history, sight.isInner === true);
    if (verdict.effect === 'allow' && !('soft' in verdict)) continue;
    spoken ??= [];
    spoken.push({ control: rule.control, verdict });
  }
  return spoken ?? NONE;
}

function controlledCall(sight: ControlSight): ControlledCall {
  const { server, method, tool, args, principal, run, parents = NONE, now, ring, effect, cost } = sight;
  return {
    server: server.name,
    trust: server.trust,
    method,
    tool,
    args,
    principal,
    runs: run === undefined ? NONE : parents.length === 0 ? [run] : [run, ...parents],
    now,
    ring,
    effect,
    cost,
  };
}

const ALLOW: ControlVerdict = Object.freeze({ effect: 'allow' });

function verdictOf(
  { control, who, resources }: ControlRule,
  call: ControlledCall,
  envelopes: readonly Envelope[],
  history: HistoryView | undefined,
  isInner: boolean,
): ControlVerdict {
  for (const check of who) {
    const result = check.test(call.principal);
    if (result === 'fail') return ALLOW;
    if (result === 'error') return unjudged('type', `the principal's ${check.field} is not text`);
  }
  if (resources !== undefined && !resources(call.args, envelopes)) return ALLOW;
  if (control.kind === 'idempotency' && (isInner || !control.inject) && lacksKey(control.pointer, call.args))
    return keyMissing(control.pointer);
  if (history === undefined) return unjudged('history', 'the call came without its history');
  if (!Number.isSafeInteger(call.now)) return unjudged('now', 'the call came without a time');
  if (call.runs.length > MAX_PARENTS + 1)
    return unjudged('parents', `more than ${MAX_PARENTS} runs around the call's own`);
  try {
    return history.judge(control, call);
  } catch {
    return unjudged('failed', 'the history of the call could not be read');
  }
}

function unjudged(code: string, message: string): ControlVerdict {
  return { effect: 'error', code, message };
}

function lacksKey(pointer: string, args: JsonObject): boolean {
  const key = resolvePointer(args, parsePointer(pointer));
  return key === undefined || key === null || key === '';
}

function keyMissing(pointer: string): ControlVerdict {
  const name = parsePointer(pointer).join('.');
  return {
    effect: 'deny',
    code: 'idempotency.key_missing',
    notice: {
      message: `the call needs a key of its own in \`${name}\``,
      hints: [`set \`${name}\` to a text that no other call has, and to the same one when you repeat this call`],
    },
  };
}

/** Adds what controls said to the draft; what an exception waives is only noted. */
export function addVerdicts(spoken: readonly SpokenVerdict[], relief: Relief | undefined, draft: Draft): void {
  for (const { control, verdict } of spoken) {
    if (verdict.effect === 'allow') {
      if ('soft' in verdict) {
        const { message, hints } = verdict.soft;
        draft.notices.push(Object.freeze({ id: control.id, message, hints: Object.freeze([...hints]) }));
      }
      continue;
    }
    const exception = relief?.ofRule(control.id);
    if (exception === undefined) addRefusal(control, verdict, draft);
    else draft.exceptions.push(exception.id);
  }
}

function addRefusal(control: Control, verdict: Exclude<ControlVerdict, { effect: 'allow' }>, draft: Draft): void {
  const { stage, references, message: authored } = control;
  if (verdict.effect === 'error') {
    const { location } = references[0];
    const place = location === undefined ? {} : { location };
    draft.findings.addError({ code: `control.${verdict.code}`, pointer: '', message: verdict.message, ...place });
    draft.findings.add({
      code: `control.${verdict.code}`,
      pointer: '',
      expected: 'a call that every control of the policy can judge',
      got: `one that cannot be judged: ${verdict.message}`,
      hint: '',
      ...place,
    });
    const message = 'a control of the policy cannot judge this call';
    draft.add({ effect: 'deny', code: 'evaluation.error', stage, message, references });
    return;
  }
  const { effect, code, notice } = verdict;
  const message = authored === undefined ? notice.message : `${authored}: ${notice.message}`;
  draft.add({ effect, code, stage, message, references, control, notice });
}

/** What a call costs where several entries judge it: the most that one of them says. */
export function costOf(entries: readonly Entry[]): CostRule | undefined {
  const costs = entries.flatMap(({ cost }) => cost ?? []);
  if (costs.length < 2) return costs[0];
  return {
    perCall: Math.max(...costs.map(({ perCall }) => perCall)),
    perKiB: Math.max(...costs.map(({ perKiB }) => perKiB)),
    at: costs.find(({ at }) => at !== undefined)?.at,
  };
}
