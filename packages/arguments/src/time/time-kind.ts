import type { JsonValue } from '@callgate/canonical';
import type { ArgumentKind, KindProblem } from '@callgate/policy';

import { KindAssembler } from '../internal/assemble-kind.ts';
import { problemsFor } from '../internal/problems.ts';
import { compileRules, type TimeRules } from './compile-rules.ts';
import { isTimeCovered } from './covers.ts';
import { candidateTimes, joinedParts, timesBeyond, timesNear } from './examples.ts';
import { judgeTime } from './judge-time.ts';
import type { TimeProblemCode } from './parse-time.ts';
import { printTime } from './print-time.ts';
import { timeSpecification, type TimeForm, type TimeSpecification } from './specification.ts';

const assembler = new KindAssembler<TimeRules>();

/**
 * A moment, or an interval of two: RFC 3339 text or seconds of the epoch, between fixed bounds, in exact arithmetic.
 *
 * Bounds relative to now are for conditions: this package knows no clock.
 */
export const timeKind: ArgumentKind<TimeSpecification> = {
  name: 'time',
  summary: 'A date, a time or both, or an interval: between bounds, and no longer than permitted.',
  types: ['string', 'number', 'object'],
  specification: timeSpecification,
  compile(specification, report) {
    const rules = compileRules(specification, report);
    const expected = describe(rules);
    const { fail } = problemsFor<TimeProblemCode>(expected);
    const check = (value: JsonValue): readonly KindProblem[] => {
      const judged = judgeTime(value, rules);
      return 'moments' in judged
        ? []
        : judged.findings.map(({ code, got, hint, pointer }) => fail(code, got, hint, pointer));
    };
    return assembler.assemble({
      kind: 'time',
      expected,
      facts: rules,
      check,
      canonical: (value) => canonicalTime(value, rules),
      isCoveredBy: (outer) => isTimeCovered(rules, outer),
      candidates: () => candidateTimes(rules),
      beyond: () => timesBeyond(rules),
      repair: (value) => timesNear(value, rules),
    });
  },
};

function canonicalTime(value: JsonValue, rules: TimeRules): JsonValue {
  const judged = judgeTime(value, rules);
  if (!('moments' in judged)) return value;
  const [from, to] = judged.moments.map((moment) => printTime(moment, rules.syntax));
  return from === undefined || to === undefined ? (from ?? value) : joinedParts(from, to, rules);
}

const FORM_WORDS: Readonly<Record<TimeForm, string>> = {
  'date-time': 'an RFC 3339 date-time',
  date: 'a date (`YYYY-MM-DD`)',
  time: 'a time of day (`HH:MM:SS`)',
  'epoch-seconds': 'a number of seconds since 1970',
  'epoch-ms': 'a number of milliseconds since 1970',
};

function describe(rules: TimeRules): string {
  const { syntax, interval, members, bounds, span } = rules;
  const clauses = [FORM_WORDS[syntax.form]];
  if (syntax.zone === 'utc') clauses.push('in UTC');
  if (syntax.zone === 'none' && syntax.form === 'date-time') clauses.push('without an offset');
  if (bounds.earliest !== undefined) clauses.push(`from \`${bounds.earliest}\``);
  if (bounds.latest !== undefined) clauses.push(`to \`${bounds.latest}\``);
  const moment = clauses.join(' ');
  if (interval === undefined) return moment;
  const length = span === undefined ? '' : `, at most \`${span}\` apart`;
  return interval === 'text'
    ? `two of these with \`/\` between, the earlier first: ${moment}${length}`
    : `an object of \`${members[0]}\` and \`${members[1]}\`, the earlier first, each ${moment}${length}`;
}
