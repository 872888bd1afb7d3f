import { appendPointer, isJsonArray, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import { asObjects, changedMembers, type MemberChange } from './compare-members.ts';
import { makeDrift, type Drift } from './drift.ts';

const WORDS: ReadonlySet<string> = new Set(['description', 'icons', 'title']);

/** How a prompt's definition differs from the pinned one. */
export function promptDrifts(before: JsonValue, after: JsonValue): readonly Drift[] {
  const both = asObjects(before, after);
  if (both === undefined) return [makeDrift('other', '', before, after)];
  return changedMembers(...both, '').flatMap((change) => {
    if (change.name === 'arguments') return argumentListDrifts(change);
    return [makeDrift(WORDS.has(change.name) ? 'wording' : 'other', change.pointer, change.before, change.after)];
  });
}

function argumentListDrifts({ pointer, before, after }: MemberChange): readonly Drift[] {
  const [known, seen] = [argumentsOf(before), argumentsOf(after)];
  if (known === undefined || seen === undefined) return [makeDrift('schema-changed', pointer, before, after)];
  const drifts: Drift[] = [];
  for (const [name, { definition, index }] of known) {
    // The place is that of the pinned definition: there is none in the other.
    if (!seen.has(name))
      drifts.push(makeDrift('removed-property', appendPointer(pointer, index), definition, undefined));
  }
  for (const [name, { definition, index }] of seen) {
    const pinned = known.get(name);
    if (pinned === undefined) {
      const driftClass = isRequired(definition) ? 'required-added' : 'optional-added';
      drifts.push(makeDrift(driftClass, appendPointer(pointer, index), undefined, definition));
    } else {
      drifts.push(...argumentDrifts(pinned.definition, definition, appendPointer(pointer, index)));
    }
  }
  // The order is what a form shows.
  return drifts.length > 0 ? drifts : [makeDrift('wording', pointer, before, after)];
}

function argumentDrifts(before: JsonObject, after: JsonObject, pointer: string): readonly Drift[] {
  return changedMembers(before, after, pointer).map((change) => {
    if (WORDS.has(change.name)) return makeDrift('wording', change.pointer, change.before, change.after);
    if (change.name !== 'required') return makeDrift('other', change.pointer, change.before, change.after);
    const driftClass = isRequired(after) ? 'required-added' : 'schema-widened';
    return makeDrift(driftClass, change.pointer, change.before, change.after);
  });
}

function isRequired(argument: JsonObject): boolean {
  const required = own(argument, 'required');
  return required !== undefined && required !== false;
}

interface PromptArgument {
  readonly definition: JsonObject;
  readonly index: number;
}

/** Undefined where it is no list of named arguments, each name once. */
function argumentsOf(value: JsonValue | undefined): ReadonlyMap<string, PromptArgument> | undefined {
  if (value === undefined) return new Map();
  if (!isJsonArray(value)) return undefined;
  const found = new Map<string, PromptArgument>();
  for (const [index, definition] of value.entries()) {
    const name = isJsonObject(definition) ? own(definition, 'name') : undefined;
    if (!isJsonObject(definition) || typeof name !== 'string' || found.has(name)) return undefined;
    found.set(name, { definition, index });
  }
  return found;
}
