import { isJsonObject, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { Principal } from '../call.ts';
import type { Entry } from '../compile/entry.ts';
import type { PolicyCode } from '../decision.ts';
import type { ExceptionRuntime } from '../exceptions/exception.ts';
import type { Relief } from '../exceptions/relief.ts';
import type { Place } from '../envelope/place.ts';
import { reportObject } from '../envelope/report.ts';
import { shapeOf } from '../envelope/shape.ts';
import { acceptsObject } from '../envelope/value-check.ts';
import { isIdentified, type Dimension } from '../match/who.ts';
import type { Draft } from './draft.ts';

/**
 * Whether nothing but the arguments decides what an entry says to a call. Then {@link evaluateEntry} adds only an allow where
 * {@link fitsEntry}, and only what {@link refuseArguments} adds where not.
 */
export function isOpen(entry: Entry, principal: Principal): boolean {
  if (entry.stage === 'off') return true;
  if (entry.isHeld || entry.envelope === 'missing' || entry.dispatch !== undefined) return false;
  for (const check of entry.who) {
    if (check.test(principal) !== 'pass') return false;
  }
  return entry.ring < 2 || isIdentified(principal);
}

/** Whether an entry accepts the arguments. */
export function fitsEntry({ stage, envelope }: Entry, args: JsonObject): boolean {
  return stage === 'off' || typeof envelope === 'string' || acceptsObject(envelope, args);
}

/** Adds a denial for what the envelope of an entry does not accept. */
export function refuseArguments(entry: Entry, args: JsonObject, place: Place, draft: Draft): void {
  const { envelope, subject } = entry;
  if (typeof envelope === 'string') return;
  const location = entry.references[0]?.location;
  reportObject(envelope, args, place, draft.findings, { message: undefined, location });
  refuse(entry, 'arguments.envelope', `the arguments of ${subject} are not as permitted`, draft);
}

/**
 * Judges a call by one entry, and adds every outcome to the draft.
 *
 * A principal that `who` leaves out learns nothing of the entry's envelope.
 *
 * @returns the arguments, where they are an object and the entry's dispatcher should look into them
 */
export function evaluateEntry(
  entry: Entry,
  principal: Principal,
  args: JsonValue,
  place: Place,
  draft: Draft,
  relief?: Relief,
): JsonObject | undefined {
  if (entry.stage === 'off') {
    allow(entry, draft);
    return undefined;
  }
  if (!admits(entry, principal, draft)) return undefined;
  const before = draft.outcomes.length;
  if (entry.envelope === 'missing' && relief?.envelope === undefined) {
    refuse(
      entry,
      'ring.envelope_missing',
      `${entry.subject} is of ring ${entry.ring} and the policy gives it no envelope`,
      draft,
    );
  }
  if (entry.ring >= 2 && !isIdentified(principal)) refuseUnidentified(entry, draft);
  const object = isJsonObject(args) ? args : undefined;
  if (object === undefined) refuseShape(entry, args, place, draft);
  const used = object === undefined ? undefined : judgeEnvelope(entry, object, place, draft, relief);
  if (draft.outcomes.length === before) {
    const waived = entry.isHeld && entry.ring < 3 ? relief?.approval : undefined;
    if (entry.isHeld && waived === undefined) hold(entry, draft);
    else allow(entry, draft, [used, waived]);
  }
  return object;
}

function allow(entry: Entry, draft: Draft, exceptions: readonly (ExceptionRuntime | undefined)[] = []): void {
  const used = exceptions.filter((exception) => exception !== undefined);
  draft.exceptions.push(...used.map((exception) => exception.id));
  draft.add({
    effect: 'allow',
    code: 'allowed',
    stage: entry.stage,
    message: entry.allowedMessage,
    references:
      used.length === 0 ? entry.references : [...entry.references, ...used.flatMap(({ references }) => references)],
    entry,
  });
}

function hold(entry: Entry, draft: Draft): void {
  const who = entry.approvers === undefined ? '' : ` by ${entry.approvers.map((name) => `\`${name}\``).join(' or ')}`;
  const message = `${entry.subject} needs approval${who}`;
  draft.add({
    effect: 'hold',
    code: 'approval.required',
    stage: entry.stage,
    message,
    references: entry.references,
    entry,
  });
}

/** Adds a denial by this entry. The author's words go before ours. */
export function refuse(entry: Entry, code: PolicyCode, message: string, draft: Draft): void {
  draft.add({
    effect: 'deny',
    code,
    stage: entry.stage,
    message: entry.message ?? message,
    references: entry.references,
    entry,
  });
}

const DIMENSION_WORDS: Readonly<Record<Dimension, string>> = {
  users: 'a user',
  agents: 'an agent',
  tenants: 'a tenant',
  workloads: 'a workload',
  teams: 'a team',
  roles: 'a role',
};

/** Whether `who` admits the principal. The names it lists stay unsaid: they may be those of other tenants. */
function admits(entry: Entry, principal: Principal, draft: Draft): boolean {
  let isAdmitted = true;
  for (const check of entry.who) {
    const result = check.test(principal);
    if (result === 'pass') continue;
    const [reference] = entry.references;
    const location = reference?.location === undefined ? {} : { location: reference.location };
    if (result === 'error') {
      const message = `the principal's ${check.field} is not text`;
      draft.findings.addError({ code: `who.${check.dimension}`, pointer: '', message, ...location });
      refuse(entry, 'evaluation.error', `${entry.subject}: the principal could not be judged`, draft);
    } else {
      const what = DIMENSION_WORDS[check.dimension];
      draft.findings.add({
        code: `who.${check.dimension}`,
        pointer: '',
        expected: `a principal with ${what} that it is open to`,
        got: principal[check.field] === undefined ? 'none' : 'another',
        hint: `leave this to a principal with ${what} that ${entry.subject} is open to`,
        ...location,
      });
      refuse(entry, 'principal.not_allowed', `${entry.subject} is not open to this principal`, draft);
    }
    isAdmitted = false;
  }
  return isAdmitted;
}

function refuseUnidentified(entry: Entry, draft: Draft): void {
  draft.findings.add({
    code: 'principal',
    pointer: '',
    expected: 'a principal with a user, an agent or a workload',
    got: 'none of them',
    hint: `call ${entry.subject} as an identified user, agent or workload`,
  });
  refuse(
    entry,
    'principal.missing',
    `${entry.subject} is of ring ${entry.ring} and needs an identified principal`,
    draft,
  );
}

function refuseShape(entry: Entry, args: JsonValue, place: Place, draft: Draft): void {
  draft.findings.add({
    code: 'type',
    pointer: place.pointer,
    expected: 'an object of arguments',
    got: shapeOf(args),
    hint: 'send the arguments as an object',
  });
  refuse(entry, 'arguments.envelope', `the arguments of ${entry.subject} are not as permitted`, draft);
}

/** Refuses what the envelope does not accept; the exception that accepts it instead is returned. */
function judgeEnvelope(
  entry: Entry,
  args: JsonObject,
  place: Place,
  draft: Draft,
  relief: Relief | undefined,
): ExceptionRuntime | undefined {
  const { envelope } = entry;
  if (envelope === 'any') return undefined;
  if (envelope === 'missing') return relief?.envelope;
  try {
    if (acceptsObject(envelope, args)) return undefined;
    if (relief?.envelope !== undefined) return relief.envelope;
    refuseArguments(entry, args, place, draft);
  } catch {
    draft.findings.addError({
      code: 'arguments',
      pointer: place.pointer,
      message: 'the arguments could not be evaluated',
    });
    refuse(entry, 'evaluation.error', `the arguments of ${entry.subject} could not be evaluated`, draft);
  }
  return undefined;
}
