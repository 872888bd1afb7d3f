import { judgeCommand, listed, MAX_FOUND, type Judged } from './judge-command.ts';
import type { Connector, Line, Redirect } from './line.ts';
import { isPlainPath, isUnder, parsePath } from './path.ts';
import { finding, type Finding } from './problem.ts';
import type { ShellRules } from './rules.ts';
import type { ShellOperator } from './specification.ts';

const REDIRECT_OPERATORS: Readonly<Record<Redirect['kind'], ShellOperator>> = {
  in: 'redirect-in',
  out: 'redirect-out',
  append: 'append',
  merge: 'merge',
};

/** Judges what a value was read as. */
export function judgeLine(line: Line, rules: ShellRules): Judged {
  const all: Judged = { found: [], programs: [], values: [] };
  for (const connector of new Set<Connector>(line.isTerminated ? [...line.connectors, 'sequence'] : line.connectors)) {
    if (!rules.operators.has(connector)) all.found.push(refusedOperator(rules));
  }
  for (const { words, redirects } of line.commands) {
    if (all.found.length >= MAX_FOUND) break;
    const judged = judgeCommand(words, rules);
    all.found.push(...judged.found);
    all.programs.push(...judged.programs);
    for (const value of judged.values) all.values.push(value);
    for (const redirect of redirects) judgeRedirect(redirect, rules, all);
  }
  return all;
}

function judgeRedirect(redirect: Redirect, rules: ShellRules, all: Judged): void {
  if (all.found.length >= MAX_FOUND) return;
  if (!rules.operators.has(REDIRECT_OPERATORS[redirect.kind])) {
    all.found.push(refusedOperator(rules));
    return;
  }
  if (redirect.kind === 'merge') return;
  const path = parsePath(redirect.target);
  if (isPlainPath(redirect.target) && rules.redirects.some((root) => isUnder(path, root))) {
    all.values.push(redirect.target);
  } else {
    all.found.push(
      finding('shell.redirect', 'a redirection to a place that is not allowed', 'leave the redirection out'),
    );
  }
}

function refusedOperator({ operators }: ShellRules): Finding {
  const hint = operators.size === 0 ? 'run one command alone' : `use no operators but ${listed(operators)}`;
  return finding('shell.operator', 'an operator that is not allowed', hint);
}
