import { appendPointer, canonicalize, type JsonValue } from '@callgate/canonical';

import type { ArgumentSchema, ToolDocument, ValueSchema } from '../document/types.ts';
import { compileNameGlob, type GlobTest } from '../match/glob.ts';
import type { Findings } from './findings.ts';

/** Patterns beyond this many of one server are not compared with the other entries. */
const MAX_COMPARED = 500;

interface PatternEntry {
  readonly name: string;
  readonly tool: ToolDocument;
  readonly matches: GlobTest;
}

/** Looks at how the tool entries of one server work together. */
export function lintEntryTable(
  tools: Readonly<Record<string, ToolDocument>>,
  pointer: string,
  findings: Findings,
): void {
  const patterns = Object.entries(tools)
    .filter(([name]) => name.includes('*'))
    .slice(0, MAX_COMPARED)
    .map(([name, tool]): PatternEntry => ({ name, tool, matches: compileNameGlob(name) }));
  for (const [name, tool] of Object.entries(tools)) {
    // a pattern's own `*` is matched by a wildcard only, so what matches the text of a pattern matches all of its names
    const around = patterns.filter((pattern) => pattern.name !== name && pattern.matches(name));
    const at = appendPointer(pointer, name);
    if (name.includes('*')) lintPattern(name, tool, around, at, findings);
    else lintExact(name, tool, around, at, findings);
  }
}

/** An exact entry judges alone, so a pattern that is stricter loses it. */
function lintExact(
  name: string,
  tool: ToolDocument,
  patterns: readonly PatternEntry[],
  pointer: string,
  findings: Findings,
): void {
  for (const pattern of patterns) {
    const lost = guardsLost(pattern.tool, tool);
    if (lost.length === 0) continue;
    const message = `tool \`${name}\` judges alone: ${lost.join(', ')} of \`${pattern.name}\` ${lost.length === 1 ? 'does' : 'do'} not apply to it`;
    findings.add('exact-escapes-pattern', pointer, message, 'repeat what should apply, or remove the entry');
    return;
  }
}

function guardsLost(strict: ToolDocument, tool: ToolDocument): readonly string[] {
  const isHeld = (one: ToolDocument): boolean => one.ring === 3 || one.approval !== undefined;
  return [
    ...(strict.ring > tool.ring ? [`ring ${strict.ring}`] : []),
    ...(isHeld(strict) && !isHeld(tool) ? ['the approval'] : []),
    ...(strict.who !== undefined && tool.who === undefined ? ['`who`'] : []),
  ];
}

/** Every pattern that matches must be satisfied: two that contradict each other deny every call of the narrower one. */
function lintPattern(
  name: string,
  tool: ToolDocument,
  wider: readonly PatternEntry[],
  pointer: string,
  findings: Findings,
): void {
  for (const other of wider) {
    const argument = contradiction(tool, other.tool);
    if (argument === undefined) continue;
    const message = `no arguments satisfy both \`${name}\` and \`${other.name}\`: they contradict each other on \`${argument}\``;
    findings.add('patterns-contradict', pointer, message, `accept the same \`${argument}\` in both`);
    return;
  }
}

/** An argument that one of the entries demands and the other refuses. */
function contradiction(left: ToolDocument, right: ToolDocument): string | undefined {
  const [first, second] = [left.arguments, right.arguments];
  if (typeof first !== 'object' || typeof second !== 'object') return undefined;
  const demanded = (envelope: Readonly<Record<string, ArgumentSchema>>): readonly string[] =>
    Object.keys(envelope).filter((name) => envelope[name]?.optional !== true);
  return (
    demanded(first).find((name) => !Object.hasOwn(second, name)) ??
    demanded(second).find((name) => !Object.hasOwn(first, name)) ??
    demanded(first).find((name) => isDisjoint(first[name], second[name]))
  );
}

function isDisjoint(left: ArgumentSchema | undefined, right: ArgumentSchema | undefined): boolean {
  const values = listed(left);
  const others = listed(right);
  return values !== undefined && others !== undefined && !values.some((value) => others.includes(value));
}

/** The canonical forms of the values that a schema lists; undefined where it lists none. */
function listed(schema: ArgumentSchema | undefined): readonly string[] | undefined {
  if (schema === undefined || Object.hasOwn(schema, 'kind')) return undefined;
  const { enum: values, const: value } = schema as ValueSchema;
  const all: readonly JsonValue[] | undefined = value === undefined ? values : [value];
  return all?.map((item) => canonicalize(item));
}
