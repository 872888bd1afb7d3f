import type { JsonObject } from '@callgate/canonical';
import type { Call, CompiledPolicy, Effect, Explanation, PolicyLocation } from '@callgate/policy';

import type { CommandContext } from '../command.ts';
import { decisionLine } from './decision-text.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

const MAX_TEXT_LENGTH = 2_000;

/** A call, its explanation, and what the policy says to the arguments offered instead. */
export interface ExplainedCall {
  readonly policy: CompiledPolicy;
  readonly call: Call;
  readonly explanation: Explanation;
  readonly passingEffect?: Effect;
}

/** Prints an explanation for a person: the decision first, then why, then what to do. */
export function printExplanation(explained: ExplainedCall, { out, style }: CommandContext): void {
  const { call, explanation } = explained;
  const sections = [
    [decisionLine(call, explanation.decision, style), style.dim(summaryLine(explained))],
    violationLines(explanation, style),
    errorLines(explanation, style),
    entryLines(explanation, style),
    ruleLines(explanation, style),
    passingLines(explained, style),
    nextLines(explanation, style),
  ];
  const filled = sections.filter((lines) => lines.length > 0);
  out.print(`${filled.map((lines) => lines.join('\n')).join('\n\n')}\n`);
}

function summaryLine({ policy, call, explanation: { decision } }: ExplainedCall): string {
  const ring = decision.ring === undefined ? [] : [`ring ${decision.ring}`];
  const actors = Object.entries(call.principal).map(([key, value]) => `${key} ${printable([value].flat().join(', '))}`);
  return [
    decision.code,
    ...ring,
    `server ${printable(call.server)}`,
    actors.length === 0 ? 'nobody identified' : actors.join(', '),
    `policy ${printable(policy.name)} ${printable(policy.version)}`,
  ].join(' · ');
}

function violationLines({ violations }: Explanation, style: Style): readonly string[] {
  if (violations.length === 0) return [];
  const lines = violations.flatMap((violation) => {
    const where = violation.pointer === '' ? '' : `${style.bold(printable(violation.pointer))}: `;
    const own = violation.message === undefined ? '' : `${text(violation.message)}; `;
    const tail = [violation.code, placeText(violation.location), ownerText(violation.owner)].filter(
      (part) => part !== '',
    );
    return [
      `  ${style.red('✗')} ${where}${own}expected ${text(violation.expected)}, got ${text(violation.got)}`,
      `    ${style.dim(tail.join(' · '))}`,
    ];
  });
  return [style.bold('What fails'), ...lines];
}

function errorLines({ decision: { errors } }: Explanation, style: Style): readonly string[] {
  if (errors.length === 0) return [];
  const lines = errors.map((error) => {
    const tail = [error.code, error.pointer, placeText(error.location)]
      .filter((part) => part !== '')
      .map((part) => printable(part));
    return `  ${style.red('!')} ${text(error.message)} ${style.dim(`(${tail.join(' · ')})`)}`;
  });
  return [style.bold('What could not be evaluated'), ...lines];
}

function entryLines({ entries, decision }: Explanation, style: Style): readonly string[] {
  if (entries.length === 0) {
    const rules = decision.determining.map(({ rule, location }) => `  ${text(rule)} ${style.dim(placeText(location))}`);
    return rules.length === 0 ? [] : [style.bold('The rule'), ...rules];
  }
  const lines = entries.flatMap((entry) => [
    `  ${text(entry.rule)} ${style.dim([placeText(entry.location), `stage ${entry.stage}`, ownerText(entry.owner)].filter((part) => part !== '').join(' · '))}`,
    ...entry.who.map((line) => `    who: ${text(line)}`),
    ...entry.envelope.map((line) => `    ${text(line)}`),
  ]);
  return [style.bold(entries.length === 1 ? 'The rule' : 'The rules, all of which apply'), ...lines];
}

function ruleLines({ rules }: Explanation, style: Style): readonly string[] {
  if (rules.length === 0) return [];
  const lines = rules.flatMap((rule) => [
    `  ${style.bold(text(rule.id))} ${style.dim([rule.outcome, placeText(rule.location), `stage ${rule.stage}`, ownerText(rule.owner)].filter((part) => part !== '').join(' · '))}`,
    ...(rule.message === undefined ? [] : [`    ${text(rule.message)}`]),
    ...(rule.condition === undefined ? [] : [`    when ${text(rule.condition)}`]),
  ]);
  return [style.bold('Rules across servers and tools'), ...lines];
}

function passingLines(
  { explanation: { passing, passingAt }, passingEffect }: ExplainedCall,
  style: Style,
): readonly string[] {
  if (passingAt !== undefined)
    return [
      `${style.bold('What would pass')} ${style.dim('(verified)')}`,
      `  the same call at ${style.green(new Date(passingAt).toISOString())}`,
    ];
  if (passing === undefined) return [];
  const verdict = passingEffect === 'hold' ? 'verified: held for approval' : 'verified: allowed';
  return [`${style.bold('What would pass')} ${style.dim(`(${verdict})`)}`, `  ${style.green(json(passing))}`];
}

function nextLines(
  { decision, approvers, approvalOwner, exceptionOwner }: Explanation,
  style: Style,
): readonly string[] {
  if (decision.effect === 'allow' && decision.would === undefined) return [];
  const hints = decision.hints.map((hint) => `  ${text(hint)}`);
  const isHeld = (decision.would ?? decision.effect) === 'hold';
  const who = approvers.length === 0 ? 'the policy names nobody' : text(approvers.join(', '));
  const approval = isHeld
    ? [`  may approve: ${who}${approvalOwner === undefined ? '' : ` (owner ${text(approvalOwner)})`}`]
    : [];
  const retry = decision.retryable
    ? 'the same call may pass once it is approved'
    : 'the same call again gives the same answer';
  return [
    `${style.bold('Next')} ${style.dim(`${decision.next.replaceAll('_', ' ')}; ${retry}`)}`,
    ...hints,
    ...approval,
    ...(exceptionOwner === undefined ? [] : [`  may grant an exception: ${text(exceptionOwner)}`]),
  ];
}

function placeText(location: PolicyLocation | undefined): string {
  return location === undefined ? '' : `${printable(location.file)}:${location.line}:${location.column}`;
}

function ownerText(owner: string | undefined): string {
  return owner === undefined ? '' : `owner ${printable(owner)}`;
}

function text(foreign: string): string {
  return printable(foreign, MAX_TEXT_LENGTH);
}

function json(value: JsonObject): string {
  return printable(JSON.stringify(value), 20_000);
}
