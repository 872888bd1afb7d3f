import { isJsonObject, parsePointer, type JsonArray, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { Findings } from '../decide/findings.ts';
import type { PolicyLocation, Violation } from '../decision.ts';
import { foreignName } from '../internal/foreign-name.ts';
import type { KindProblem } from '../kinds/kind.ts';
import { problemsOf } from '../kinds/problems-of.ts';
import { nearestName } from '../internal/nearest-name.ts';
import { atForeignProperty, atIndex, atProperty, type Place } from './place.ts';
import type { Rule } from './rule.ts';
import { shapeOf } from './shape.ts';
import { hasType } from './type-mask.ts';
import { smallestNames } from './smallest-names.ts';
import type { ObjectCheck, ValueCheck } from './value-check.ts';

const SHOWN_NAMES = 12;
const MOST_UNKNOWN = 65;

/** The words an enclosing schema gives for everything that fails inside it. */
type Message = string | undefined;

/** Adds a violation for each way in which the value fails. */
function reportValue(check: ValueCheck, value: JsonValue, place: Place, findings: Findings, outer?: Message): void {
  if (findings.isFull) return;
  const message = check.message ?? outer;
  const fail = (code: string, got: string): void =>
    findings.add(violation(code, place, check.expected, got, message, check.location));
  if (!hasType(check.types, value)) {
    fail('type', shapeOf(value));
    return;
  }
  if (check.kind !== undefined) {
    for (const problem of problemsOf(check.kind, value)) reportProblem(problem, check, place, message, findings);
    return;
  }
  reportRules(check.general, value, fail);
  if (typeof value === 'string') reportRules(check.string, value, fail);
  else if (typeof value === 'number') reportRules(check.number, value, fail);
  else if (Array.isArray(value)) reportArray(check, value as JsonArray, place, findings, message, fail);
  else if (isJsonObject(value) && check.object !== undefined) {
    reportObject(check.object, value, place, findings, { message, location: check.location });
  }
}

/** What a kind found. What it could not judge is an error as well: it counts as no pass and no failure. */
function reportProblem(
  problem: KindProblem,
  check: ValueCheck,
  place: Place,
  message: Message,
  findings: Findings,
): void {
  const { code, expected, got } = problem;
  const at = parsePointer(problem.pointer).reduce<Place>(
    (parent, token) =>
      /^[0-9]{1,9}$/u.test(token) ? atIndex(parent, Number(token)) : atForeignProperty(parent, token),
    place,
  );
  const base = violation(code, at, expected, got, message, check.location);
  const hint =
    problem.hint === undefined ? base.hint : at.label === '' ? problem.hint : `\`${at.label}\`: ${problem.hint}`;
  findings.add({ ...base, hint });
  if (problem.verdict === 'error') {
    const location = check.location === undefined ? {} : { location: check.location };
    findings.addError({ code, pointer: at.pointer, message: `expected ${expected}, got ${got}`, ...location });
  }
}

function reportRules<Value extends JsonValue>(
  rules: readonly Rule<Value>[],
  value: Value,
  fail: (code: string, got: string) => void,
): void {
  for (const rule of rules) {
    if (!rule.test(value)) fail(rule.code, rule.got(value));
  }
}

function reportArray(
  check: ValueCheck,
  value: JsonArray,
  place: Place,
  findings: Findings,
  message: Message,
  fail: (code: string, got: string) => void,
): void {
  reportRules(check.array, value, fail);
  const { items } = check;
  if (items === undefined) return;
  for (let index = 0; index < value.length && !findings.isFull; index += 1) {
    reportValue(items, value[index] as JsonValue, atIndex(place, index), findings, message);
  }
}

/** Where an object's own rules stand, and the words for what fails inside it. */
export interface ObjectSource {
  readonly message: Message;
  readonly location: PolicyLocation | undefined;
}

/** Adds a violation for each property that is missing, unknown, or fails. */
export function reportObject(
  check: ObjectCheck,
  value: JsonObject,
  place: Place,
  findings: Findings,
  source: ObjectSource,
): void {
  for (const property of check.properties) {
    const at = atProperty(place, property.name);
    if (Object.hasOwn(value, property.name)) {
      reportValue(property.value, value[property.name] as JsonValue, at, findings, source.message);
    } else if (property.isRequired) {
      findings.add(missing(property.value, at));
    }
  }
  if (check.additional === true) return;
  const isUnknown = (name: string): boolean => !check.byName.has(name) && name !== check.ignored;
  for (const name of smallestNames(Object.keys(value), isUnknown, MOST_UNKNOWN)) {
    const at = atForeignProperty(place, name);
    if (check.additional === false) findings.add(unknown(check, name, at, value, source));
    else reportValue(check.additional, value[name] as JsonValue, at, findings, source.message);
  }
}

/** Without the author's words: they are about a value that fails, and would mislead where there is none. */
function missing(check: ValueCheck, place: Place): Violation {
  const hint = `add \`${place.label}\`: ${check.expected}`;
  return { ...violation('required', place, check.expected, 'nothing', undefined, check.location), hint };
}

function unknown(check: ObjectCheck, name: string, place: Place, value: JsonObject, source: ObjectSource): Violation {
  const declared = check.properties.map((property) => property.name);
  const nearest = nearestName(
    name,
    declared.filter((candidate) => !Object.hasOwn(value, candidate)),
  );
  const label = foreignName(name, 'the argument with an unusual name');
  const question = nearest === undefined ? '' : `; did you mean \`${nearest}\`?`;
  const got = foreignName(name, 'an argument with an unusual name');
  const base = violation('additional', place, onlyWords(declared), got, source.message, source.location);
  return { ...base, hint: `remove ${label}${question}` };
}

function onlyWords(names: readonly string[]): string {
  if (names.length === 0) return 'no properties';
  const shown = names.slice(0, SHOWN_NAMES).map((name) => `\`${name}\``);
  const rest = names.length - shown.length;
  return `only ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function violation(
  code: string,
  place: Place,
  expected: string,
  got: string,
  message: Message,
  location: PolicyLocation | undefined,
): Violation {
  return {
    code,
    pointer: place.pointer,
    expected,
    got,
    ...(message === undefined ? {} : { message }),
    hint: place.label === '' ? `send ${expected}` : `set \`${place.label}\` to ${expected}`,
    ...(location === undefined ? {} : { location }),
  };
}
