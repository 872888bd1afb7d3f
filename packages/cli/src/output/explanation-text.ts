import type {
  Call,
  CompiledPolicy,
  ExplainedException,
  ExplainedRule,
  Explanation,
  ModelExplanation,
  PassingWay,
  PolicyLocation,
} from '@callgate/policy';

import type { CommandContext } from '../command.ts';
import { decisionLine, effectWord } from './decision-text.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

const MAX_TEXT_LENGTH = 2_000;

/** A call and its explanation. */
export interface ExplainedCall {
  readonly policy: CompiledPolicy;
  readonly call: Call;
  readonly explanation: Explanation;
  /** The controls over many calls that concern it, by id. */
  readonly counting: ReadonlySet<string>;
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
    controlLines(explanation, style),
    exceptionLines(explanation, style),
    wayLines(explanation, style),
    nextLines(explanation, style),
    countingLines(explained, style),
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

function violationLines({ violations: all, rules }: Explanation, style: Style): readonly string[] {
  // that a rule denies is told with the rule
  const violations = all.filter(({ code }) => rules.length === 0 || !code.startsWith('rule'));
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
    ...partLines(rule, style),
  ]);
  return [style.bold('Rules across servers and tools'), ...lines];
}

/** The parts of the condition that decided, each where it stands. */
function partLines({ parts }: ExplainedRule, style: Style): readonly string[] {
  return parts.map(({ words, outcome, error, got, location }) => {
    const came = got === undefined ? '' : `, got ${text(got)}`;
    const mark = outcome === 'error' ? style.red('!') : style.red('✗');
    const says = error === undefined ? `${text(words)}${came}` : `${text(words)}: ${text(error)}`;
    return `    ${mark} ${outcome === false ? 'not: ' : ''}${says} ${style.dim(placeText(location))}`.trimEnd();
  });
}

function controlLines({ controls }: Explanation, style: Style): readonly string[] {
  if (controls.length === 0) return [];
  const lines = controls.flatMap(({ id, kind, effect, code, stage, location, state, message, hints, retryAfterMs }) => {
    const tail = [kind, code ?? (effect === 'allow' ? 'soft limit' : effect), placeText(location), `stage ${stage}`];
    const mark = effect === 'allow' ? style.yellow('!') : style.red('✗');
    return [
      `  ${style.bold(text(id))} ${style.dim(tail.filter((part) => part !== '').join(' · '))}`,
      ...(message === undefined ? [] : [`    ${text(message)}`]),
      `    ${mark} ${text(state)}`,
      ...(retryAfterMs === undefined ? [] : [`    wait ${Math.ceil(retryAfterMs / 1000)} s: the call could then pass`]),
      ...hints.map((hint) => `    ${text(hint)}`),
    ];
  });
  return [style.bold('Controls over many calls'), ...lines];
}

/** A call that was refused for what came before looks fine here, and somebody is looking at it for that. */
function countingLines({ counting }: ExplainedCall, style: Style): readonly string[] {
  // what a tool asks for by itself is named by its place, and was told with the tool
  const ids = [...counting].filter((id) => !id.startsWith('/')).toSorted();
  if (ids.length === 0) return [];
  return [
    style.bold('Looked at as the first call of all'),
    `  these count what came before: ${ids.map((id) => text(id)).join(', ')}`,
    style.dim('  what came before: `callgate run show <run> <ledger>`'),
  ];
}

const STATE_WORDS: Readonly<Record<ExplainedException['state'], string>> = {
  used: 'in use: without it the call would not pass so',
  fits: 'applies, and lifts nothing that is in the way',
  expired: 'has expired',
  'not-yet': 'is not in force yet',
  'no-time': 'not judged without a time',
  'other-principal': 'is for other principals',
  'other-arguments': 'is for other arguments',
};

function exceptionLines({ exceptions }: Explanation, style: Style): readonly string[] {
  if (exceptions.length === 0) return [];
  const lines = exceptions.map(({ id, state, owner, approver, expires, location }) => {
    const tail = [
      placeText(location),
      ownerText(owner),
      `approved by ${printable(approver)}`,
      `expires ${new Date(expires).toISOString()}`,
    ];
    return `  ${style.bold(text(id))} ${STATE_WORDS[state]} ${style.dim(tail.filter((part) => part !== '').join(' · '))}`;
  });
  return [style.bold('Exceptions for this tool'), ...lines];
}

function wayLines({ ways, decision, controls }: Explanation, style: Style): readonly string[] {
  const effect = decision.would ?? decision.effect;
  if (effect === 'allow') return [];
  const title = style.bold(effect === 'hold' ? 'What would pass without approval' : 'What would pass');
  const { retryAfterMs } = decision;
  if (ways.length === 0 && retryAfterMs !== undefined)
    return [title, `  the same call, ${Math.ceil(retryAfterMs / 1000)} s later`];
  if (ways.length === 0) {
    const isControlled = controls.some(({ effect: said }) => said !== 'allow');
    return [
      title,
      `  no change of arguments, principal or time was found${isControlled ? '; the controls above are in the way' : ''}`,
    ];
  }
  return [
    `${title} ${style.dim('(verified; each line needs all its changes)')}`,
    ...ways.flatMap((way) => [
      `  ${style.green(verdictOf(way))}: ${way.changes.map(({ words }) => text(words)).join('; ')}`,
      ...(changesArguments(way) ? [`    ${style.dim(argumentsText(way))}`] : []),
    ]),
  ];
}

function verdictOf({ effect, approvers, exceptions }: PassingWay): string {
  const by = approvers.length === 0 ? '' : ` by ${text(approvers.join(' or '))}`;
  const under = exceptions.length === 0 ? '' : ` under exception ${text(exceptions.join(', '))}`;
  return effect === 'hold' ? `held for approval${by}${under}` : `allowed${under}`;
}

function changesArguments({ changes }: PassingWay): boolean {
  return changes.some(({ path: [first] }) => first === 'arguments' || first === 'params');
}

function argumentsText({ call: { method, params } }: PassingWay): string {
  const hasArguments = method === 'tools/call' || method === 'prompts/get';
  return printable(JSON.stringify(hasArguments ? (params['arguments'] ?? {}) : params), 20_000);
}

/** Prints what a model may know of a decision on its call. */
export function printModelExplanation(
  explanation: ModelExplanation,
  { params }: Call,
  { out, style }: CommandContext,
): void {
  const { effect, code, message, violations, hints, ways, next, retryAfterMs } = explanation;
  const { name } = params;
  const target = typeof name === 'string' ? ` ${style.bold(printable(name))}` : '';
  const lines = [
    `${effectWord(effect, style)}${target}: ${text(message)} ${style.dim(code)}`,
    ...violations.map(
      ({ pointer, expected, got }) =>
        `  ${style.red('✗')} ${pointer === '' ? '' : `${printable(pointer)}: `}expected ${text(expected)}, got ${text(got)}`,
    ),
    ...hints.map((hint) => `  ${text(hint)}`),
    ...ways.map(
      (way) =>
        `  ${style.green(way.effect === 'hold' ? 'held for approval' : 'allowed')}: ${way.changes.map((change) => text(change)).join('; ')}`,
    ),
    style.dim(
      `next: ${next.replaceAll('_', ' ')}${retryAfterMs === undefined ? '' : ` ${Math.ceil(retryAfterMs / 1000)} s`}`,
    ),
  ];
  out.print(`${lines.join('\n')}\n`);
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
  const retry = !decision.retryable
    ? 'the same call again gives the same answer'
    : isHeld
      ? 'the same call may pass once it is approved'
      : 'the same call may pass later';
  return [
    `${style.bold('Next')} ${style.dim(`${decision.next.replaceAll('_', ' ')}; ${retry}`)}`,
    ...hints,
    ...approval,
    `  may grant an exception: ${exceptionOwner === undefined ? 'the policy names nobody (`owners.exceptions`)' : text(exceptionOwner)}`,
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
