import { createScanner, parseTree, type Node, type ParseError } from 'jsonc-parser';

import type { ConfigDocument, ConfigEntry, ConfigNode } from './config-node.ts';
import { MAX_DEPTH, MAX_TOKENS } from './limits.ts';
import { createLineIndex, type LineIndex } from './line-index.ts';

/** Reads JSON, with comments and trailing commas, as hosts do. Never throws. */
export function readJson(text: string): ConfigDocument {
  const lines = createLineIndex(text);
  const excess = excessOf(text);
  if (excess !== null) return { root: null, mistake: { line: lines.lineAt(excess.offset), message: excess.message } };
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [error] = errors;
  return {
    root: tree === undefined ? null : nodeOf(tree, lines),
    mistake: error === undefined ? null : { line: lines.lineAt(error.offset), message: 'the text is not JSON' },
  };
}

/** The parser recurses, so depth is counted first. */
function excessOf(text: string): { readonly offset: number; readonly message: string } | null {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let tokens = 0; scanner.getPosition() < text.length; tokens += 1) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    // a token that begins with a bracket is one
    const first = text[offset];
    if (first === '{' || first === '[') depth += 1;
    if (first === '}' || first === ']') depth -= 1;
    if (depth > MAX_DEPTH) return { offset, message: `nested deeper than ${MAX_DEPTH} levels` };
    if (tokens > MAX_TOKENS) return { offset, message: `more than ${MAX_TOKENS} tokens` };
  }
  return null;
}

function nodeOf(node: Node, lines: LineIndex): ConfigNode {
  const line = lines.lineAt(node.offset);
  switch (node.type) {
    case 'object':
      return { kind: 'object', line, entries: (node.children ?? []).flatMap((child) => entryOf(child, lines)) };
    case 'array':
      return { kind: 'array', line, items: (node.children ?? []).map((child) => nodeOf(child, lines)) };
    case 'string':
      return { kind: 'text', line, text: String(node.value) };
    case 'boolean':
      return { kind: 'boolean', line, value: node.value === true };
    case 'number':
    case 'null':
    case 'property':
      return { kind: 'other', line };
  }
}

function entryOf(property: Node, lines: LineIndex): readonly ConfigEntry[] {
  const [key, value] = property.children ?? [];
  if (key === undefined || value === undefined) return [];
  return [{ key: String(key.value), line: lines.lineAt(key.offset), value: nodeOf(value, lines) }];
}
