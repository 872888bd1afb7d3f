import { appendPointer, type JsonArray, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { IssueList } from '../load/issues.ts';
import type { Envelope } from '../compile/entry.ts';
import type { ObjectCheck, ValueCheck } from './value-check.ts';

/**
 * The JSON pointers of the strings among arguments for which something in quarantine may stand: those whose schema says
 * `quarantined: allow`.
 */
export function quarantinedIn(envelope: Envelope, args: JsonObject): readonly string[] {
  if (typeof envelope === 'string') return NONE;
  const places: string[] = [];
  visitObject(envelope, args, '', places);
  return places;
}

const NONE: readonly string[] = Object.freeze([]);

function visitObject(check: ObjectCheck, value: JsonObject, pointer: string, places: string[]): void {
  for (const [name, member] of Object.entries(value)) {
    const known = check.byName.get(name)?.value ?? check.additional;
    if (typeof known === 'object') visit(known, member, appendPointer(pointer, name), places);
  }
}

function visit(check: ValueCheck, value: JsonValue, pointer: string, places: string[]): void {
  if (typeof value === 'string') {
    if (check.takesQuarantined) places.push(pointer);
  } else if (Array.isArray(value)) {
    const { items } = check;
    if (items !== undefined)
      for (const [index, item] of (value as JsonArray).entries()) visit(items, item, `${pointer}/${index}`, places);
  } else if (typeof value === 'object' && value !== null && check.object !== undefined) {
    visitObject(check.object, value as JsonObject, pointer, places);
  }
}

/** The places in an envelope whose schema says `quarantined: allow`, as pointers beside which `*` stands for any name or index. */
export function quarantinedPlaces(envelope: Envelope | undefined): readonly string[] {
  return envelope === undefined || typeof envelope === 'string' ? NONE : placesInObject(envelope, '');
}

function placesInObject(check: ObjectCheck, pointer: string): readonly string[] {
  const named = check.properties.flatMap(({ name, value }) => placesInValue(value, appendPointer(pointer, name)));
  return typeof check.additional === 'object' ? [...named, ...placesInValue(check.additional, `${pointer}/*`)] : named;
}

function placesInValue(check: ValueCheck, pointer: string): readonly string[] {
  return [
    ...(check.takesQuarantined ? [pointer] : NONE),
    ...(check.items === undefined ? NONE : placesInValue(check.items, `${pointer}/*`)),
    ...(check.object === undefined ? NONE : placesInObject(check.object, pointer)),
  ];
}

/** Reports `quarantined` where nothing would heed it: only arguments of tools may be something in quarantine. */
export function refuseQuarantined(envelope: Envelope | undefined, pointer: string, issues: IssueList): void {
  if (quarantinedPlaces(envelope).length > 0)
    issues.add(pointer, '`quarantined` only on the arguments of a tool', 'it elsewhere');
}
