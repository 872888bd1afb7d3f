import { own, type Instant, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { Call } from '../call.ts';
import type { PolicyRuntime } from '../compile/server-runtime.ts';
import { decide } from '../decide/decide.ts';
import { IGNORED_HISTORY } from '../history/ignored-history.ts';
import { isInForce, type ExceptionRuntime } from '../exceptions/exception.ts';
import { RegisterRuntime } from '../exceptions/register.ts';
import { wordsOf } from './entry-changes.ts';
import { type Doubt } from './entry-strictness.ts';
import { isSameValue } from './same-value.ts';
import { exceptionCalls } from './exception-calls.ts';
import { doubtLessLifted } from './exception-strictness.ts';
import type { FlipSearch } from './find-flips.ts';
import type { CountedChange, ItemDraft } from './make-item.ts';
import { identitiesOf, serverSideOf, withoutIdentity, type Comparison } from './sides.ts';

/** A draft and where to look for what it may do. */
export interface ExceptionDraft {
  readonly draft: ItemDraft;
  readonly search: FlipSearch;
}

/** The policies with the exceptions that go with them. */
interface Excepted {
  readonly before: PolicyRuntime;
  readonly after: PolicyRuntime;
}

interface Pair {
  readonly before: ExceptionRuntime | undefined;
  readonly after: ExceptionRuntime | undefined;
}

/**
 * What may differ in the exceptions that go with two policies, from a time on: one draft for each id.
 *
 * What is told of an exception comes from it alone: it shows with everything else as it is after. Of one that is written alike in both
 * registers it is what calls come to that without exceptions come to the same.
 */
export function diffExceptions(excepted: Excepted, comparison: Comparison, at: Instant): readonly ExceptionDraft[] {
  const [olds, news] = [listed(excepted.before), listed(excepted.after)];
  const ids = [...new Set([...olds.keys(), ...news.keys()])].toSorted();
  const others = [...news.values(), ...olds.values()];
  return ids.map((id) => {
    const pair = { before: olds.get(id), after: news.get(id) };
    const [draft, search] = [draftOf(id, pair, others, comparison, at), searchOf(id, pair, excepted, comparison, at)];
    return isSame(pair)
      ? { draft: { ...draft, calls: () => withIt(id, draft, search, comparison) }, search }
      : { draft, search };
  });
}

function listed({ exceptions }: PolicyRuntime): ReadonlyMap<string, ExceptionRuntime> {
  return new Map((exceptions?.exceptions ?? []).map((exception) => [exception.id, exception]));
}

function draftOf(
  id: string,
  pair: Pair,
  others: readonly ExceptionRuntime[],
  comparison: Comparison,
  at: Instant,
): ItemDraft {
  const { before, after } = pair;
  const { texts } = comparison;
  const around = doubtAround(pair, comparison, at);
  return {
    subject: 'exception',
    server: (after ?? before)?.document.server ?? null,
    name: id,
    status: before === undefined ? 'added' : after === undefined ? 'removed' : 'modified',
    widening: liftsNothing(after, comparison.after) ? undefined : (doubtLessLifted(after, before, at, texts) ?? around),
    narrowing: liftsNothing(before, comparison.before)
      ? undefined
      : (doubtLessLifted(before, after, at, texts) ?? around),
    changes: exceptionChanges(pair, at),
    calls: () =>
      exceptionCalls(
        [after, before].filter((exception) => exception !== undefined),
        others,
        comparison,
      ),
    before: before?.references ?? [],
    after: after?.references ?? [],
  };
}

/** Without an entry for its tool, calls are denied whatever an exception says, unless its server's stage lets that pass: then rules decide. */
function liftsNothing(exception: ExceptionRuntime | undefined, policy: PolicyRuntime): boolean {
  if (exception === undefined) return true;
  const { server, tool } = exception.document;
  const runtime = policy.servers.get(server);
  return runtime === undefined || (runtime.stage === 'enforce' && runtime.parts.tools.find(tool).length === 0);
}

/** What an exception lifts also depends on the policy around it. */
function doubtAround({ before, after }: Pair, comparison: Comparison, at: Instant): Doubt {
  const exception = after ?? before;
  if (exception === undefined || [before, after].every((one) => one === undefined || one.expires <= at))
    return undefined;
  const [one, other] = [comparison.before.document, comparison.after.document];
  const { server } = exception.document;
  const partOf = ({ servers }: typeof one): JsonValue | undefined =>
    servers[server] as unknown as JsonValue | undefined;
  const isAlike =
    isSameValue(partOf(one), partOf(other)) &&
    isSameValue(one.rules as unknown as JsonValue | undefined, other.rules as unknown as JsonValue | undefined) &&
    one.stage === other.stage;
  return isAlike ? undefined : 'the policy around it differs, and with it what the exception lifts';
}

function isSame({ before, after }: Pair): boolean {
  return before !== undefined && after !== undefined && isSameValue(documentOf(before), documentOf(after));
}

function documentOf({ document }: ExceptionRuntime): JsonObject {
  return document as unknown as JsonObject;
}

function searchOf(
  id: string,
  { before, after }: Pair,
  excepted: Excepted,
  comparison: Comparison,
  at: Instant,
): FlipSearch {
  const server = (after ?? before)?.document.server ?? '';
  const sides = [serverSideOf(comparison.before, server), serverSideOf(comparison.after, server)] as const;
  const swapped = withRegister(excepted.after, id, before);
  const open = (policy: PolicyRuntime): PolicyRuntime => withoutIdentity(policy, new Set([server]));
  const isPlain = before !== undefined && after !== undefined && isSame({ before, after });
  return {
    before: excepted.before,
    after: excepted.after,
    anybody: isPlain ? undefined : { before: open(swapped), after: open(excepted.after) },
    identities: identitiesOf(...sides),
    times: timesFor({ before, after }, excepted, at),
  };
}

const HOUR_MS = 3_600_000;
/** Hours after the first that are tried where a rule reads the time: a day's quarters, and days of a weekend. */
const LATER_HOURS: readonly number[] = [6, 12, 18, 48, 72, 96];

/** A time for each of: only the old one is in force, only the new one, both; each with later hours where a rule reads the time. */
function timesFor({ before, after }: Pair, excepted: Excepted, at: Instant): readonly Instant[] {
  const list = [before, after].filter((exception) => exception !== undefined);
  const bounds = list.flatMap(({ created, expires }) => [created, expires]).filter((bound) => bound > at);
  const stateAt = (time: Instant): string =>
    [before, after].map((exception) => exception !== undefined && isInForce(exception, time)).join(' ');
  const moments = new Map<string, Instant>();
  for (const time of [at, ...bounds.toSorted((left, right) => left - right)]) {
    if (!moments.has(stateAt(time))) moments.set(stateAt(time), time);
  }
  const hours = [excepted.before, excepted.after].some(readsTime) ? LATER_HOURS : [];
  const later = [...moments.values()].flatMap((time) => hours.map((hour) => time + hour * HOUR_MS));
  return [...new Set([...moments.values(), ...later])];
}

function readsTime({ rules }: PolicyRuntime): boolean {
  return rules.some(({ condition }) => condition?.readsNow === true);
}

/** The policy with its exceptions, and another under one id. */
function withRegister(policy: PolicyRuntime, id: string, exception: ExceptionRuntime | undefined): PolicyRuntime {
  const { exceptions: register } = policy;
  const others = (register?.exceptions ?? []).filter((other) => other.id !== id);
  const list = exception === undefined ? others : [...others, exception];
  return policy.withExceptions(new RegisterRuntime(register?.file ?? null, register?.digest ?? policy.digest, list));
}

/** Calls that need the exception, and come to the same where there are none. */
function* withIt(id: string, { calls }: ItemDraft, search: FlipSearch, comparison: Comparison): Generator<Call> {
  for (const call of calls()) {
    const isAbout = search.times.some((now) =>
      [search.before, search.after].some(
        (policy) => decide(policy, call, { now, history: IGNORED_HISTORY }).exceptions?.includes(id) === true,
      ),
    );
    const isElsewhere = search.times.some(
      (now) =>
        decide(comparison.before, call, { now, history: IGNORED_HISTORY }).effect !==
        decide(comparison.after, call, { now, history: IGNORED_HISTORY }).effect,
    );
    if (isAbout && !isElsewhere) yield call;
  }
}

const STATES = [
  'created',
  'expires',
  'renewals',
  'server',
  'tool',
  'who',
  'arguments',
  'waives',
  'owner',
  'approver',
  'reason',
];

/** What was written otherwise, and where in its life the exception is. */
function exceptionChanges({ before, after }: Pair, at: Instant): readonly CountedChange[] {
  const [was, is] = [stateWords(before, at), stateWords(after, at)];
  const [one, other] = [before === undefined ? {} : documentOf(before), after === undefined ? {} : documentOf(after)];
  const keys = STATES.filter((key) => !isSameValue(own(one, key), own(other, key)));
  const state: CountedChange = { key: 'state', direction: 'changed', before: was, after: is, counts: false };
  return [
    ...(was === is ? [] : [state]),
    ...keys.map((key): CountedChange => ({
      key,
      direction: 'changed',
      before: key === 'renewals' ? renewalWords(before) : wordsOf(own(one, key)),
      after: key === 'renewals' ? renewalWords(after) : wordsOf(own(other, key)),
      counts: false,
    })),
  ];
}

function stateWords(exception: ExceptionRuntime | undefined, at: Instant): string | null {
  if (exception === undefined) return null;
  if (isInForce(exception, at)) return 'in force';
  return at < exception.created ? 'not in force yet' : 'expired';
}

function renewalWords(exception: ExceptionRuntime | undefined): string | null {
  return exception === undefined ? null : `renewed ${exception.renewals} time${exception.renewals === 1 ? '' : 's'}`;
}
