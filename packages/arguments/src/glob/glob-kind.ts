import type { JsonValue } from '@callgate/canonical';
import type { ArgumentKind, CompiledKind, KindProblem, ReportKindIssue } from '@callgate/policy';

import { judgePattern } from './judge-pattern.ts';
import { sampleCandidates, probeCandidates } from './candidates.ts';
import { isRulesWithin, type GlobRules } from './rules.ts';
import { globSpecification, type GlobSpecification, type GlobWildcard } from './specification.ts';

/** Wildcard patterns that cannot match everything: globs of file names, and LIKE of SQL. */
export const globKind: ArgumentKind<GlobSpecification> = {
  name: 'glob',
  summary: 'a wildcard pattern of bounded breadth',
  types: ['string'],
  specification: globSpecification,
  compile: (specification, report) => compiledGlob(compileRules(specification, report)),
};

const WILDCARDS: Readonly<Record<GlobRules['syntax'], readonly GlobWildcard[]>> = {
  glob: ['*', '**', '?', '[]', '{}'],
  'sql-like': ['%', '_'],
};

function compileRules(written: GlobSpecification, report: ReportKindIssue): GlobRules {
  const syntax = written.syntax ?? 'glob';
  const known = WILDCARDS[syntax];
  const wildcards = written.wildcards === 'none' ? [] : (written.wildcards ?? known);
  for (const [index, wildcard] of wildcards.entries()) {
    if (!known.includes(wildcard)) {
      report(`/wildcards/${index}`, `one of ${known.map((one) => `\`${one}\``).join(', ')}`, 'one of another syntax');
    }
  }
  const maxLength = written.maxLength ?? 512;
  const least = Math.max(written.minPrefix ?? 0, written.minLiterals ?? 1);
  if (least > maxLength) report('/maxLength', `at least ${least}, which other keys require`, 'less');
  for (const [index, prefix] of (written.prefixes ?? []).entries()) {
    if (prefix.length > maxLength) report(`/prefixes/${index}`, 'no more than `maxLength` characters', 'more');
  }
  return {
    syntax,
    wildcards: new Set(wildcards),
    prefixes: written.prefixes ?? [],
    minPrefix: written.minPrefix ?? 0,
    minLiterals: written.minLiterals ?? 1,
    maxWildcards: written.maxWildcards ?? 8,
    maxBranches: written.maxBranches ?? 16,
    maxLength,
  };
}

/** The rules behind each compiled kind, for comparison. */
const rulesOf = new WeakMap<CompiledKind, GlobRules>();

function compiledGlob(rules: GlobRules): CompiledKind {
  const expected = describe(rules);
  const check = (value: JsonValue): readonly KindProblem[] =>
    judgePattern(value, rules).map(({ code, verdict, got, hint }) => ({
      code,
      verdict,
      pointer: '',
      expected,
      got,
      hint,
    }));
  const samples = (): readonly JsonValue[] =>
    sampleCandidates(rules)
      .filter((value) => check(value).length === 0)
      .slice(0, 64);
  const probes = (): readonly JsonValue[] =>
    [...new Set([...sampleCandidates(rules), ...probeCandidates(rules)])].slice(0, 128);
  const compiled: CompiledKind = {
    kind: 'glob',
    expected,
    check,
    canonical: (value) => (check(value).length === 0 ? value : undefined),
    isWithin: (other) => {
      const outer = rulesOf.get(other);
      if (outer !== undefined && isRulesWithin(rules, outer)) return 'yes';
      const isShown = probes().some((value) => check(value).length === 0 && other.check(value).length > 0);
      return isShown ? 'no' : 'unknown';
    },
    samples,
    probes,
    repair: (value) => {
      const near = typeof value === 'string' && value.length <= rules.maxLength ? repairs(value, rules) : [];
      const passing = near.filter((candidate) => check(candidate).length === 0);
      return [...new Set([...passing, ...samples()])].slice(0, 16);
    },
  };
  rulesOf.set(compiled, rules);
  return compiled;
}

/** The pattern below each prefix, without its own head, and its text without wildcards. */
function repairs(value: string, { prefixes }: GlobRules): readonly string[] {
  const plain = value.replaceAll(/[*?[\]{}%_\\!|()#]/gu, '').replaceAll('..', '');
  const tail = value.replace(/^[^/]*\//u, '');
  return [plain, ...prefixes.flatMap((prefix) => [prefix + value, prefix + tail, prefix + plain])].slice(0, 32);
}

function describe({ syntax, wildcards, prefixes, minLiterals }: GlobRules): string {
  const what = syntax === 'glob' ? 'a wildcard pattern' : 'a LIKE pattern';
  const which = wildcards.size === 0 ? 'plain text without wildcards' : what;
  const start = prefixes.length === 0 ? '' : ` that starts with \`${prefixes[0] ?? ''}\``;
  const more = prefixes.length > 1 ? ` or ${prefixes.length - 1} other prefixes` : '';
  const least =
    minLiterals === 0
      ? ''
      : `, of at least ${minLiterals} ${minLiterals === 1 ? 'letter or digit' : 'letters or digits'}`;
  return `${which}${start}${more}${least}`;
}
