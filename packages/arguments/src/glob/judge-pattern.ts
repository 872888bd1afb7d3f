import type { JsonValue } from '@callgate/canonical';

import type { GlobFinding } from './problem.ts';
import { readGlob, readLike, type Pattern } from './read-pattern.ts';
import type { GlobRules } from './rules.ts';

/** What is wrong with a pattern. */
export function judgePattern(value: JsonValue, rules: GlobRules): readonly GlobFinding[] {
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  if (typeof value !== 'string' || !value.isWellFormed() || /[\0-\u001F\u007F]/u.test(value)) {
    return [
      {
        code: 'glob.character',
        verdict: 'error',
        got: 'no text, or one with control characters',
        hint: 'give one line of text',
      },
    ];
  }
  if (value.length > rules.maxLength) {
    return [
      {
        code: 'glob.length',
        verdict: 'error',
        got: `more than ${rules.maxLength} characters`,
        hint: 'make it shorter',
      },
    ];
  }
  const read = rules.syntax === 'glob' ? readGlob(value) : readLike(value);
  return 'found' in read ? [read.found] : judge(read, rules);
}

function judge(pattern: Pattern, rules: GlobRules): readonly GlobFinding[] {
  const found: GlobFinding[] = [];
  const fail = (code: GlobFinding['code'], got: string, hint: string): void => {
    found.push({ code, verdict: 'fail', got, hint });
  };
  if (pattern.climbs) fail('glob.climb', 'a pattern with a segment that can be `..`', 'leave `..` out');
  if (pattern.wildcards.some((wildcard) => !rules.wildcards.has(wildcard))) {
    const names = [...rules.wildcards].map((wildcard) => `\`${wildcard}\``).join(', ');
    fail(
      'glob.wildcard',
      'a wildcard that is not allowed',
      names === '' ? 'use no wildcards, or a backslash before each' : `use no wildcards but ${names}`,
    );
  }
  if (pattern.wildcards.length > rules.maxWildcards) {
    fail('glob.count', `more than ${rules.maxWildcards} wildcards`, `use at most ${rules.maxWildcards} wildcards`);
  }
  if (pattern.branches > rules.maxBranches) {
    fail('glob.count', `braces for more than ${rules.maxBranches} patterns`, 'list fewer alternatives');
  }
  if (rules.prefixes.length > 0 && !rules.prefixes.some((prefix) => pattern.prefix.startsWith(prefix))) {
    fail('glob.prefix', 'a pattern that starts otherwise', `start with ${listed(rules.prefixes)}`);
  }
  if (pattern.prefix.length < rules.minPrefix) {
    fail('glob.prefix', 'a wildcard too early', `put ${rules.minPrefix} plain characters before the first wildcard`);
  }
  if (pattern.literals < rules.minLiterals) {
    fail('glob.breadth', 'a pattern that is too broad', `use at least ${rules.minLiterals} letters or digits`);
  }
  return found;
}

const MAX_LISTED = 8;

function listed(prefixes: readonly string[]): string {
  return prefixes
    .slice(0, MAX_LISTED)
    .map((prefix) => `\`${prefix}\``)
    .join(' or ');
}
