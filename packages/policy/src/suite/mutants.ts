import { appendPointer, isJsonObject, type JsonValue } from '@callgate/canonical';

import type { ControlDocument } from '../document/control-types.ts';
import type { PolicyDocument } from '../document/types.ts';

/** A policy weakened in one place. A suite that is worth its name fails on it. */
export interface Mutant {
  /** JSON pointer into the policy: what was weakened. */
  readonly pointer: string;
  /** In words: what was done there. */
  readonly what: string;
  readonly document: PolicyDocument;
}

type Weaken = (value: JsonValue) => JsonValue | undefined;

/** Weakenings by key: undefined removes the key. What makes a document that does not load is dropped by the caller. */
const WEAKENINGS: Readonly<Record<string, readonly (readonly [what: string, weaken: Weaken])[]>> = {
  who: [['opened to everybody', () => undefined]],
  approval: [['no longer held', () => undefined]],
  minimum: [['bound removed', () => undefined]],
  maximum: [['bound removed', () => undefined]],
  exclusiveMinimum: [['bound removed', () => undefined]],
  exclusiveMaximum: [['bound removed', () => undefined]],
  multipleOf: [['step removed', () => undefined]],
  minLength: [['bound removed', () => undefined]],
  maxLength: [['bound removed', () => undefined]],
  minItems: [['bound removed', () => undefined]],
  maxItems: [['bound removed', () => undefined]],
  uniqueItems: [['repeats accepted', () => undefined]],
  pattern: [['any text accepted', () => '']],
  sink: [['no longer a sink', () => undefined]],
  idempotency: [['no key needed', () => undefined]],
  apply: [['no plan needed', () => undefined]],
  ring: [['one ring lower', (value) => (value === 2 || value === 3 ? value - 1 : value)]],
};

/** Every weakening of a policy, one place at a time. Those that do not load are not worth compiling: see `isLoadable`. */
export function mutantsOf(document: PolicyDocument): readonly Mutant[] {
  const mutants: Mutant[] = [];
  const root = document as unknown as JsonValue;
  visit(root, '', (value, pointer, key, isEnvelope) => {
    if (isEnvelope) mutants.push(...argumentMutants(root, value, pointer));
    for (const [what, weaken] of key === undefined || isEnvelope ? [] : (WEAKENINGS[key] ?? [])) {
      const weakened = weaken(value);
      if (weakened !== value) mutants.push({ pointer, what, document: replaced(root, pointer, weakened) });
    }
  });
  for (const [index, rule] of (document.rules ?? []).entries()) {
    const rules = (document.rules ?? []).filter((_, other) => other !== index);
    mutants.push({ pointer: `/rules/${index}`, what: `rule \`${rule.id}\` removed`, document: { ...document, rules } });
  }
  for (const key of ['meters', 'breakers', 'flows'] as const) {
    const controls: readonly ControlDocument[] = document[key] ?? [];
    for (const [index, { id }] of controls.entries()) {
      const others = controls.filter((_, other) => other !== index);
      const what = `${key.slice(0, -1)} \`${id}\` removed`;
      mutants.push({ pointer: `/${key}/${index}`, what, document: { ...document, [key]: others } });
    }
  }
  return mutants;
}

/** An argument whose value may be anything, or that may be left out. */
function argumentMutants(root: JsonValue, value: JsonValue, pointer: string): readonly Mutant[] {
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, schema]): Mutant[] => {
    const at = appendPointer(pointer, name);
    if (!isJsonObject(schema)) return [];
    const open = schema['optional'] === true ? { type: 'any', optional: true } : { type: 'any' };
    const mutants = [{ pointer: at, what: 'any value accepted', document: replaced(root, at, open) }];
    if (schema['optional'] !== true)
      mutants.push({ pointer: at, what: 'made optional', document: replaced(root, at, { ...schema, optional: true }) });
    return mutants;
  });
}

type Visitor = (value: JsonValue, pointer: string, key: string | undefined, isEnvelope: boolean) => void;

/** Visits the values of servers. Under `arguments`, `params` and `properties` keys are names, not keywords. */
function visit(value: JsonValue, pointer: string, visitor: Visitor, key?: string, isName = false): void {
  const isEnvelope =
    !isName && (key === 'arguments' || key === 'params' || key === 'properties') && isJsonObject(value);
  if (key !== undefined && !isName) visitor(value, pointer, key, isEnvelope);
  if (!isJsonObject(value) || key === 'enum' || key === 'const' || key === 'rules') return;
  const holdsNames =
    isEnvelope || (!isName && (key === 'servers' || key === 'tools' || key === 'prompts' || key === 'methods'));
  for (const [name, item] of Object.entries(value))
    visit(item, appendPointer(pointer, name), visitor, name, holdsNames);
}

/** The document with the value at a pointer replaced, or removed where it is undefined. */
function replaced(root: JsonValue, pointer: string, value: JsonValue | undefined): PolicyDocument {
  const tokens = pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'));
  return put(root, tokens, value) as unknown as PolicyDocument;
}

function put(container: JsonValue, [token, ...rest]: readonly string[], value: JsonValue | undefined): JsonValue {
  if (token === undefined) return value ?? null;
  if (!isJsonObject(container)) return container;
  const { [token]: current, ...others } = container;
  const next = rest.length === 0 ? value : put(current ?? null, rest, value);
  return next === undefined ? others : { ...others, [token]: next };
}
