import { TomlError, parse, type TomlTable, type TomlValue } from 'smol-toml';

import type { ConfigDocument, ConfigNode } from './config-node.ts';
import { MAX_DEPTH, MAX_TOKENS } from './limits.ts';

/** Reads TOML 1.0. Never throws. A text with a mistake gives nothing: TOML has no way to go on after one. */
export function readToml(text: string): ConfigDocument {
  try {
    const table = parse(text, { maxDepth: MAX_DEPTH });
    const walk: Walk = { lines: linesOf(text), nodes: 0 };
    return { root: nodeOf(table, [], 1, walk, 0), mistake: null };
  } catch (error) {
    // the parser's own message quotes the text
    const line = error instanceof TomlError ? error.line : null;
    return { root: null, mistake: { line, message: 'the text is not TOML' } };
  }
}

interface Walk {
  /** Where a key path stands first. */
  readonly lines: ReadonlyMap<string, number>;
  nodes: number;
}

function nodeOf(value: TomlValue, path: readonly string[], above: number, walk: Walk, depth: number): ConfigNode {
  const line = walk.lines.get(pathKey(path)) ?? above;
  walk.nodes += 1;
  if (walk.nodes > MAX_TOKENS || depth > 2 * MAX_DEPTH) return { kind: 'other', line };
  if (typeof value === 'string') return { kind: 'text', line, text: value };
  if (typeof value === 'boolean') return { kind: 'boolean', line, value };
  if (Array.isArray(value)) {
    return { kind: 'array', line, items: value.map((item) => nodeOf(item, path, line, walk, depth + 1)) };
  }
  if (typeof value !== 'object' || value instanceof Date) return { kind: 'other', line };
  const entries = Object.entries(value).map(([key, below]) => {
    const node = nodeOf(below, [...path, key], line, walk, depth + 1);
    return { key, line: node.line, value: node };
  });
  return { kind: 'object', line, entries };
}

/**
 * Where tables and keys stand. The parser does not say; a line that is a header or begins with a key is read by itself. A line inside a
 * multi-line string may pass for one, and then a line number is wrong, nothing else.
 */
function linesOf(text: string): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  let table: readonly string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    const trimmed = line.trim();
    if (trimmed.length > MAX_KEY_LINE && trimmed.startsWith('[')) continue;
    const header = trimmed.startsWith('[') ? keysOf(`${trimmed}\n`) : undefined;
    if (header !== undefined) table = header;
    const key = header ?? keyBefore(trimmed);
    if (key === undefined) continue;
    const path = pathKey(header ?? [...table, ...key]);
    if (!lines.has(path)) lines.set(path, index + 1);
  }
  return lines;
}

const MAX_KEY_LINE = 1_000;

function keyBefore(line: string): readonly string[] | undefined {
  const end = line.slice(0, MAX_KEY_LINE).indexOf('=');
  return end <= 0 ? undefined : keysOf(`${line.slice(0, end)}=0\n`);
}

/** The keys of a text with one key path. */
function keysOf(text: string): readonly string[] | undefined {
  try {
    const keys: string[] = [];
    let value: TomlValue | undefined = parse(text, { maxDepth: MAX_DEPTH });
    while (isTable(value)) {
      const key: string | undefined = Object.keys(value)[0];
      if (key === undefined) break;
      keys.push(key);
      const below: TomlValue | undefined = value[key];
      value = Array.isArray(below) ? below[0] : below;
    }
    return keys.length === 0 ? undefined : keys;
  } catch {
    return undefined;
  }
}

function isTable(value: TomlValue | undefined): value is TomlTable {
  return typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
}

function pathKey(path: readonly string[]): string {
  return JSON.stringify(path);
}
