import { excerpt } from '@callgate/canonical';

import type { PolicyRuntime } from '../compile/server-runtime.ts';
import type { Condition } from '../conditions/condition.ts';
import type { RuleDocument } from '../document/types.ts';
import type { Rule } from '../rules/rule.ts';
import type { Findings } from './findings.ts';
import { noteStage } from './lint-stage.ts';
import { canApply, unknownNames } from './rule-reach.ts';

/** Looks at the rules across servers and tools, and at the conditions of single tools. */
export function lintRules(policy: PolicyRuntime, findings: Findings): void {
  for (const rule of policy.rules) {
    const [{ rule: pointer }] = rule.references;
    const document = (policy.document.rules ?? []).find(({ id }) => id === rule.id);
    if (document !== undefined) lintRule(rule, document, pointer, policy, findings);
  }
  for (const server of policy.servers.values()) {
    for (const entry of server.parts.tools.all) {
      for (const { condition, references } of entry.ownRules) {
        lintCondition(`the approval of ${entry.subject}`, condition, `${references[0].rule}/when`, findings);
      }
    }
  }
}

function lintRule(
  rule: Rule,
  document: RuleDocument,
  pointer: string,
  policy: PolicyRuntime,
  findings: Findings,
): void {
  const subject = `rule \`${rule.id}\``;
  noteStage(subject, document.stage, pointer, findings);
  lintReach(subject, rule, document, pointer, policy, findings);
  const at = document.raise === undefined ? `${pointer}/${rule.outcome}` : `${pointer}/raise/when`;
  lintCondition(subject, rule.condition, at, findings);
  if (rule.outcome === 'hold' && document.by === undefined) {
    const message = `${subject} holds calls, and the policy names nobody who may approve them`;
    findings.add('approvers-missing', `${pointer}/hold`, message, 'add `by: [role:…]`');
  }
  if (rule.outcome === 'deny' && rule.condition === undefined && isAboutEverything(document)) {
    const message = `${subject} denies everything that clients ask for`;
    findings.add('rule-denies-all', pointer, message, 'add `match`, or a condition');
  }
}

function lintReach(
  subject: string,
  rule: Rule,
  { match = {} }: RuleDocument,
  pointer: string,
  policy: PolicyRuntime,
  findings: Findings,
): void {
  if (rule.condition?.source.trim() === 'false') {
    findings.add('rule-never', pointer, `${subject} never applies: its condition is \`false\``, 'remove the rule');
    return;
  }
  const unknown = unknownNames(match, policy);
  if (!canApply(rule, match, policy)) {
    const names = unknown.map(({ what, name }) => `no ${what} \`${excerpt(name)}\``).slice(0, 3);
    const reason = names.length > 0 ? `the policy has ${names.join(', ')}` : 'nothing in the policy fits its `match`';
    findings.add('rule-never', pointer, `${subject} never applies: ${reason}`, 'correct `match`, or remove the rule');
    return;
  }
  for (const { pointer: place, what, name } of unknown) {
    const message = `${subject} names the ${what} \`${excerpt(name)}\`, which the policy does not have`;
    findings.add('rule-name-unknown', `${pointer}/match${place}`, message, 'correct the name, or remove it');
  }
}

function lintCondition(subject: string, condition: Condition | undefined, pointer: string, findings: Findings): void {
  const missing = condition?.maybeMissing ?? [];
  const [first] = missing;
  if (first === undefined) return;
  const paths = missing.map((path) => `\`${excerpt(path)}\``).join(', ');
  const message = `${subject} reads ${paths}, which some of the messages it is about lack: it cannot be evaluated for them`;
  findings.add(
    'condition-may-err',
    pointer,
    message,
    `ask for it with \`has(${excerpt(first)})\`, or narrow \`match\``,
  );
}

function isAboutEverything({ match = {} }: RuleDocument): boolean {
  return Object.values(match).every((value: unknown) => value === '*');
}
