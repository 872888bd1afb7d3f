import type { ReportKindIssue } from '@callgate/policy';

import { compareMoments, FIRST_SECOND, LAST_SECOND, SECONDS_PER_DAY, type Moment } from './calendar.ts';
import { parseTime, type TimeSyntax } from './parse-time.ts';
import type { TimeForm, TimeSpecification } from './specification.ts';

/** A compiled specification: what moments and intervals are judged by, and compared by. */
export interface TimeRules {
  readonly syntax: TimeSyntax;
  readonly interval: 'text' | 'object' | undefined;
  readonly members: readonly [string, string];
  readonly earliest: Moment;
  readonly latest: Moment;
  /** As written, for messages. */
  readonly bounds: { readonly earliest: string | undefined; readonly latest: string | undefined };
  /** In seconds. */
  readonly maxSpan: number | undefined;
  readonly span: string | undefined;
}

const SPAN = /^([1-9][0-9]{0,8})([smhdw])$/u;
const UNIT_SECONDS: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3600,
  d: SECONDS_PER_DAY,
  w: 7 * SECONDS_PER_DAY,
};

/** Compiles a specification; what is wrong with it goes to `report`. */
export function compileRules(specification: TimeSpecification, report: ReportKindIssue): TimeRules {
  const { form = 'date-time', interval, members = ['from', 'to'] } = specification;
  refuseIdleKeys(specification, form, report);
  if (members[0] === members[1]) report('/members', 'two different names', 'the same name twice');
  const syntax: TimeSyntax = {
    form,
    zone: specification.zone ?? (form === 'time' ? 'none' : 'offset'),
    fraction: specification.fraction ?? 9,
  };
  const bound = (key: 'earliest' | 'latest', fallback: Moment): Moment => {
    const text = specification[key];
    if (text === undefined) return fallback;
    const moment = parseTime(text, boundSyntax(syntax));
    if (!('code' in moment)) return moment;
    report(`/${key}`, `a ${boundSyntax(syntax).form}${syntax.zone === 'none' ? ' without an offset' : ''}`, moment.got);
    return fallback;
  };
  const last = form === 'time' ? SECONDS_PER_DAY - 1 : LAST_SECOND;
  const earliest = bound('earliest', { seconds: form === 'time' ? 0 : FIRST_SECOND, nanos: 0 });
  const latest = bound('latest', { seconds: last, nanos: 999_999_999 });
  if (compareMoments(earliest, latest) > 0) report('/latest', 'a moment not before `earliest`', 'an earlier one');
  return {
    syntax,
    interval,
    members: [members[0] ?? 'from', members[1] ?? 'to'],
    earliest,
    latest,
    bounds: { earliest: specification.earliest, latest: specification.latest },
    maxSpan: spanSeconds(specification.maxSpan, report),
    span: specification.maxSpan,
  };
}

/** Bounds may have any offset and fraction, and are texts also where values are numbers. */
function boundSyntax(syntax: TimeSyntax): TimeSyntax {
  const isEpoch = syntax.form === 'epoch-ms' || syntax.form === 'epoch-seconds';
  const form: TimeForm = isEpoch ? 'date-time' : syntax.form;
  return { form, zone: syntax.zone === 'none' ? 'none' : 'offset', fraction: 9 };
}

function spanSeconds(text: string | undefined, report: ReportKindIssue): number | undefined {
  if (text === undefined) return undefined;
  const match = SPAN.exec(text);
  if (match === null) report('/maxSpan', 'a length of time such as `90s`, `15m`, `24h`, `31d` or `4w`', 'another text');
  return Number(match?.[1] ?? 0) * (UNIT_SECONDS[match?.[2] ?? ''] ?? 0);
}

/** A key that could never matter is a mistake. */
function refuseIdleKeys(specification: TimeSpecification, form: TimeForm, report: ReportKindIssue): void {
  const { interval } = specification;
  const isNumber = form === 'epoch-ms' || form === 'epoch-seconds';
  const idle: (readonly [keyof TimeSpecification, boolean, string])[] = [
    ['zone', isNumber || form === 'date', 'is for forms with a time of day'],
    ['fraction', isNumber || form === 'date', 'is for forms with a time of day'],
    ['maxSpan', interval === undefined, 'is for intervals'],
    ['members', interval !== 'object', 'is for intervals that are objects'],
  ];
  for (const [key, isIdle, reason] of idle) {
    if (isIdle && specification[key] !== undefined) report(`/${key}`, `no \`${key}\`: it ${reason}`, 'a value');
  }
  if (interval === 'text' && isNumber) report('/interval', '`object`: numbers have no text to be joined in', '`text`');
}
