import type { Call, Decision, Effect } from '@callgate/policy';

import { printable } from './printable.ts';
import type { Style } from './style.ts';

/** `ALLOW`, `DENY` or `HOLD`, coloured. */
export function effectWord(effect: Effect, style: Style): string {
  switch (effect) {
    case 'allow':
      return style.green('ALLOW');
    case 'deny':
      return style.red('DENY');
    case 'hold':
      return style.yellow('HOLD');
  }
}

/** What a call is aimed at: the tool, resource or prompt, else the method. */
function callTarget(call: Call): string {
  const name = call.params['name'];
  const uri = call.params['uri'];
  if (call.method === 'tools/call' && typeof name === 'string') return printable(name);
  if (typeof uri === 'string') return `${printable(call.method)} ${printable(uri)}`;
  return printable(call.method);
}

/** The first line about a decision: `DENY customer.search: wildcard region is forbidden`. */
export function decisionLine(call: Call, decision: Decision, style: Style): string {
  const would = decision.would === undefined ? '' : style.dim(` (would ${decision.would}; stage ${decision.stage})`);
  return `${effectWord(decision.effect, style)} ${style.bold(callTarget(call))}: ${printable(decision.message, 500)}${would}`;
}

/** `policy.yaml:12`, or the rule's pointer where the policy has no text. */
export function rulePlace(rule: Decision['determining'][number]): string {
  return rule.location === undefined ? printable(rule.rule) : `${printable(rule.location.file)}:${rule.location.line}`;
}
