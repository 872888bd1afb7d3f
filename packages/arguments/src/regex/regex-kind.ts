import type { JsonValue } from '@callgate/canonical';
import type { ArgumentKind, CompiledKind, KindProblem, ReportKindIssue } from '@callgate/policy';

import { judgeEcmascript } from './judge-ecmascript.ts';
import { judgeRe2 } from './judge-re2.ts';
import type { RegexFinding } from './problem.ts';
import type { RegexRules } from './rules.ts';
import { regexSpecification, type RegexSpecification } from './specification.ts';

const MAX_LENGTH = 256;
const MAX_SIZE = 1000;

/** Regular expressions that are safe to run: in linear time, whatever the text. */
export const regexKind: ArgumentKind<RegexSpecification> = {
  name: 'regex',
  summary: 'a regular expression that runs in time linear in the text',
  types: ['string'],
  specification: regexSpecification,
  compile: (specification, report) => compiledRegex(compileRules(specification, report)),
};

function compileRules(written: RegexSpecification, report: ReportKindIssue): RegexRules {
  const syntax = written.syntax ?? 're2';
  if (syntax === 'ecmascript' && written.flags !== undefined) report('/flags', 'none with `ecmascript`', 'a list');
  if (syntax === 're2' && written.multiline !== undefined) report('/multiline', 'none with `re2`', 'a value');
  return {
    syntax,
    maxLength: written.maxLength ?? MAX_LENGTH,
    maxSize: written.maxSize ?? MAX_SIZE,
    flags: new Set(written.flags ?? ['i', 'm', 's']),
    mustBeAnchored: written.mustBeAnchored ?? false,
    multiline: written.multiline ?? false,
  };
}

/** The rules behind each compiled kind, for comparison. */
const rulesOf = new WeakMap<CompiledKind, RegexRules>();

function compiledRegex(rules: RegexRules): CompiledKind {
  const expected = describe(rules);
  const check = (value: JsonValue): readonly KindProblem[] =>
    judge(value, rules).map(({ code, verdict, got, hint }) => ({ code, verdict, pointer: '', expected, got, hint }));
  const samples = (): readonly JsonValue[] => CANDIDATES.filter((value) => check(value).length === 0);
  const probes = (): readonly JsonValue[] => [...CANDIDATES, ...boundProbes(rules)];
  const compiled: CompiledKind = {
    kind: 'regex',
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
      const near = typeof value === 'string' && value.length <= MAX_LENGTH ? repairs(value) : [];
      const passing = near.filter((candidate) => check(candidate).length === 0);
      return [...new Set([...passing, ...samples()])].slice(0, 16);
    },
  };
  rulesOf.set(compiled, rules);
  return compiled;
}

function judge(value: JsonValue, rules: RegexRules): readonly RegexFinding[] {
  if (typeof value !== 'string' || !value.isWellFormed()) {
    return [{ code: 'regex.syntax', verdict: 'error', got: 'no well-formed text', hint: 'give a pattern as a string' }];
  }
  if (value.length > rules.maxLength) {
    return [
      {
        code: 'regex.length',
        verdict: 'error',
        got: `more than ${rules.maxLength} characters`,
        hint: 'make it shorter',
      },
    ];
  }
  return rules.syntax === 're2' ? judgeRe2(value, rules) : judgeEcmascript(value, rules);
}

function isRulesWithin(inner: RegexRules, outer: RegexRules): boolean {
  return (
    inner.syntax === outer.syntax &&
    inner.maxLength <= outer.maxLength &&
    inner.maxSize <= outer.maxSize &&
    [...inner.flags].every((letter) => outer.flags.has(letter)) &&
    (inner.mustBeAnchored || !outer.mustBeAnchored) &&
    (inner.multiline || !outer.multiline)
  );
}

const CANDIDATES: readonly string[] = [
  '^error$',
  'error',
  '^[a-z]+$',
  '[0-9]{1,8}',
  '^v[0-9]+\\.[0-9]+$',
  '^(?:GET|POST)$',
  '',
  '(?i)error',
  '(?m)error',
  '(?s)error',
  '(?U)error',
  '(?i)^error$',
  '\\bword\\b',
  'a(?:b|c)d',
  '\\d+',
  '\\d+x',
  '^[a-z]+x$',
  '^(?:a+)+$',
  '(?:a|a)*',
  '(?=a)',
  '(a)\\1',
  '^a[^a]*b$',
  '^a|b$',
  '[[:alpha:]]',
  '\\pL',
  '(',
];

/** Patterns of the greatest length and size, and one more. */
function boundProbes({ maxLength, maxSize }: RegexRules): readonly string[] {
  const anchored = (length: number): string => (length < 2 ? 'a'.repeat(length) : `^${'a'.repeat(length - 2)}$`);
  const sizes = [maxSize - 8, maxSize - 4, maxSize - 3, maxSize - 2, maxSize - 1, maxSize, maxSize + 1];
  return [
    anchored(maxLength),
    anchored(maxLength + 1),
    ...sizes.filter((size) => size > 0 && size <= 1000).map((size) => `^a{${size}}$`),
  ];
}

function repairs(value: string): readonly string[] {
  const plain = value.replaceAll(/[$()*+.?[\\\]^{|}]/gu, String.raw`\$&`);
  const bare = value.replaceAll(/\(\?[a-zA-Z]+\)|^\^|\$$/gu, '');
  return [`^(?:${bare})$`, bare, `^${bare}$`, `^${plain}$`, plain, plain.slice(0, 64)];
}

function describe({ syntax, maxLength, mustBeAnchored }: RegexRules): string {
  const where = syntax === 're2' ? 'in RE2 syntax' : 'without ambiguous repetition, for an ECMAScript engine,';
  return `a regular expression ${where} of at most ${maxLength} characters${mustBeAnchored ? ', from `^` to `$`' : ''}`;
}
