import { appendPointer, excerpt, parsePointer } from '@callgate/canonical';

import type { PolicyRuntime } from '../compile/server-runtime.ts';
import type { ControlDocument } from '../document/control-types.ts';
import type { PolicyDocument, ToolDocument } from '../document/types.ts';
import { argumentAt } from '../history/argument-at.ts';
import { UNTRUSTED, toolsOf } from '../history/check-controls.ts';
import type { ControlRule } from '../history/control-rule.ts';
import type { BreakerControl, Control, FlowControl, KeyPart, MeterControl } from '../history/control.ts';
import type { Findings } from './findings.ts';
import { noteStage } from './lint-stage.ts';
import { canApply, reachedTools, unknownNames } from './rule-reach.ts';

/** Looks at the controls over many calls, and at what tools say about them. */
export function lintControls(policy: PolicyRuntime, findings: Findings): void {
  const { meters = [], breakers = [], flows = [] } = policy.document;
  const documents = new Map([...meters, ...breakers, ...flows].map((document) => [document.id, document]));
  for (const rule of policy.controls) {
    const document = documents.get(rule.control.id);
    if (document !== undefined) lintControl(rule, document, policy, findings);
  }
  lintTools(policy.document, findings);
}

function lintControl(rule: ControlRule, document: ControlDocument, policy: PolicyRuntime, findings: Findings): void {
  const { control } = rule;
  const [{ rule: pointer }] = control.references;
  const subject = `${control.kind === 'rate' ? 'meter' : control.kind} \`${control.id}\``;
  noteStage(subject, document.stage, pointer, findings);
  if (isHolding(control) && control.approvers === undefined) {
    const message = `${subject} holds calls, and the policy names nobody who may approve them`;
    findings.add('approvers-missing', pointer, message, 'add `by: [role:…]`');
  }
  if (!lintReach(subject, rule, document, pointer, policy, findings)) return;
  lintArguments(subject, rule, document, pointer, policy, findings);
  if (control.kind === 'meter') lintMeter(subject, control, pointer, findings);
  else if (control.kind === 'breaker') lintBreaker(subject, control, pointer, findings);
  else if (control.kind === 'flow') lintFlow(subject, control, pointer, policy.document, findings);
}

function isHolding(control: Control): boolean {
  return control.then === 'hold' || (control.kind === 'flow' && control.carried === 'hold');
}

/** Whether any call can be what a control is about; what is misspelt in its match is told either way. */
function lintReach(
  subject: string,
  rule: ControlRule,
  { match = {} }: ControlDocument,
  pointer: string,
  policy: PolicyRuntime,
  findings: Findings,
): boolean {
  const unknown = unknownNames(match, policy);
  const { sink } = rule;
  const isReached =
    sink === undefined
      ? canApply(rule, match, policy)
      : reachedTools(rule, match, policy).some(({ tool }) => tool.sink === sink);
  if (!isReached) {
    const names = unknown.map(({ what, name }) => `no ${what} \`${excerpt(name)}\``).slice(0, 3);
    const reason = names.length > 0 ? `the policy has ${names.join(', ')}` : 'nothing in the policy fits its `match`';
    const message = `${subject} never applies: ${reason}`;
    findings.add(
      'control-never',
      pointer,
      message,
      `correct \`match\`, or remove the ${subject.split(' ', 1)[0] ?? ''}`,
    );
    return false;
  }
  for (const { pointer: place, what, name } of unknown) {
    const message = `${subject} names the ${what} \`${excerpt(name)}\`, which the policy does not have`;
    findings.add('rule-name-unknown', `${pointer}/match${place}`, message, 'correct the name, or remove it');
  }
  return true;
}

/** Arguments that some of the tools lack: a control that cannot read its key, or what it adds up, denies. */
function lintArguments(
  subject: string,
  rule: ControlRule,
  { match = {} }: ControlDocument,
  pointer: string,
  policy: PolicyRuntime,
  findings: Findings,
): void {
  const read = argumentsOf(rule.control);
  if (read.length === 0) return;
  const tools = reachedTools(rule, match, policy);
  for (const argument of read) {
    const lacking = tools.filter(({ tool }) => mayLack(tool, argument)).map(({ name }) => `\`${excerpt(name)}\``);
    if (lacking.length === 0) continue;
    const path = `\`${excerpt(['arguments', ...parsePointer(argument)].join('.'))}\``;
    const names = `${lacking.slice(0, 3).join(', ')}${lacking.length > 3 ? `, and ${lacking.length - 3} more` : ''}`;
    const message = `${subject} reads ${path}, which calls of ${names} may lack: they are then denied`;
    findings.add('control-may-err', pointer, message, 'narrow `match`, or make the argument required');
  }
}

function argumentsOf(control: Control): readonly string[] {
  if (control.kind !== 'meter' && control.kind !== 'rate' && control.kind !== 'breaker') return [];
  const measured = control.kind !== 'meter' ? [] : control.measure.of === 'distinct' ? [control.measure.value] : [];
  const keys: readonly KeyPart[] = [...control.per, ...measured];
  const pointers = keys.flatMap((part) => (part.by === 'argument' ? [part.pointer] : []));
  const summed = control.kind === 'meter' && control.measure.of === 'argument' ? [control.measure.pointer] : [];
  return [...new Set([...pointers, ...summed])].toSorted();
}

function mayLack({ arguments: envelope }: ToolDocument, pointer: string): boolean {
  const tokens = parsePointer(pointer);
  return tokens.some((_, index) => {
    const at = tokens.slice(0, index + 1).reduce(appendPointer, '');
    const declared = argumentAt(envelope, at);
    return declared === 'absent' || (typeof declared === 'object' && declared.optional === true);
  });
}

function lintMeter(subject: string, control: MeterControl, pointer: string, findings: Findings): void {
  const { measure, per, withinMs, soft, max } = control;
  if (soft !== undefined && soft >= max) {
    const message = `${subject} warns from ${soft} on, and refuses from ${max} on: it never warns`;
    findings.add('meter-soft-useless', `${pointer}/soft`, message, 'set `soft` below `max`');
  }
  if (withinMs === undefined && measure.of !== 'open' && !per.some(({ by }) => by === 'run')) {
    const message = `${subject} has no window and is not kept by run: once it is used up, it stays so`;
    findings.add('meter-never-resets', pointer, message, 'add `within`, or `run` to `per`');
  }
}

function lintBreaker(subject: string, { trip }: BreakerControl, pointer: string, findings: Findings): void {
  if (!('after' in trip) || trip.after > 1 || trip.on === 'cycle') return;
  const message = `${subject} opens at the first ${trip.on === 'same result' ? 'result' : trip.on}`;
  findings.add('breaker-after-one', `${pointer}/after`, message, 'set `after` to 2 or more');
}

/** Of `untrusted` the gate says by itself; but without external servers only what reads like instructions brings it. */
function lintFlow(
  subject: string,
  { seen }: FlowControl,
  pointer: string,
  document: PolicyDocument,
  findings: Findings,
): void {
  if (!seen.includes(UNTRUSTED)) return;
  const isBrought =
    Object.values(document.servers).some(({ trust }) => trust !== 'internal') ||
    toolsOf(document).some(({ labels }) => labels?.includes(UNTRUSTED) === true);
  if (isBrought) return;
  const message = `${subject} waits for \`${UNTRUSTED}\`, and every server is internal: only instruction-like text in a result brings it`;
  findings.add('flow-label-missing', `${pointer}/seen`, message, 'label the tools that read what strangers wrote');
}

const RING_EFFECTS = ['read', 'read', 'write', 'destructive'] as const;

function lintTools(document: PolicyDocument, findings: Findings): void {
  const applied = new Set(toolsOf(document).flatMap(({ apply }) => apply?.plan ?? []));
  const hasFlows = (document.flows ?? []).length > 0;
  for (const [server, { tools = {}, trust }] of Object.entries(document.servers)) {
    for (const [name, tool] of Object.entries(tools)) {
      const pointer = appendPointer(appendPointer(appendPointer('/servers', server), 'tools'), name);
      const subject = `tool \`${excerpt(name)}\``;
      const effect = tool.effect ?? RING_EFFECTS[tool.ring];
      if (tool.sink !== undefined && tool.ring < 2) {
        const message = `${subject} sends data out, and is of ring ${tool.ring}`;
        findings.add('sink-below-ring', `${pointer}/sink`, message, 'raise `ring` to 2 or 3');
      }
      if (hasFlows && trust !== 'internal' && effect !== 'read' && tool.sink === undefined) {
        const message = `${subject} writes to an external server, and no flow looks at it`;
        findings.add('sink-missing', pointer, message, 'add `sink: external`, if what it is given leaves');
      }
      if (tool.idempotency !== undefined && effect === 'read') {
        const message = `${subject} counts as a read, and asks for a key as writes do`;
        findings.add(
          'idempotency-read',
          `${pointer}/idempotency`,
          message,
          'remove it, or set `effect` to what it does',
        );
      }
      if (tool.plan !== undefined && !applied.has(tool.plan.name)) {
        const message = `${subject} makes plans \`${tool.plan.name}\`, which no tool carries out`;
        findings.add('plan-unused', `${pointer}/plan`, message, 'add `apply` to the tool that does, or remove it');
      }
    }
  }
}
