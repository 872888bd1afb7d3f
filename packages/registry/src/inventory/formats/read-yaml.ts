import { LineCounter, isAlias, isMap, isScalar, isSeq, parseDocument, type Document, type Node, type Pair } from 'yaml';

import type { ConfigDocument, ConfigEntry, ConfigNode } from './config-node.ts';
import { MAX_DEPTH } from './limits.ts';

/** The most values of a YAML text that are read, aliases followed. */
const MAX_NODES = 20_000;

/** The most aliases that are followed: each is looked for in all of the text. */
const MAX_ALIASES = 1_000;

/** More of these characters than this, and the text is not parsed: what is parsed may take up to 1 KB a character. */
const MAX_MARKS = 20_000;
const MARKS: ReadonlySet<string> = new Set(['\n', ',', '[', '{', '&', '*', '!', '%']);

/** Reads YAML 1.2, which JSON is part of. Never throws. */
export function readYaml(text: string): ConfigDocument {
  if (hasTooManyMarks(text)) return { root: null, mistake: { line: null, message: `more than ${MAX_MARKS} values` } };
  const lines = new LineCounter();
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      logLevel: 'error',
      merge: true,
      uniqueKeys: false,
    });
    const [error] = document.errors;
    const mistake =
      error === undefined ? null : { line: lines.linePos(error.pos[0]).line, message: 'the text is not YAML' };
    const walk: Walk = { document, lines, nodes: 0, aliases: 0 };
    return { root: document.contents === null ? null : nodeOf(document.contents, walk, 0), mistake };
  } catch (error) {
    const message = error instanceof TooMuchError ? error.message : 'the text cannot be parsed';
    return { root: null, mistake: { line: null, message } };
  }
}

class TooMuchError extends Error {}

interface Walk {
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  nodes: number;
  aliases: number;
}

function hasTooManyMarks(text: string): boolean {
  let marks = 0;
  for (let index = 0; index < text.length && marks <= MAX_MARKS; index += 1)
    if (MARKS.has(text.charAt(index))) marks += 1;
  return marks > MAX_MARKS;
}

function nodeOf(node: Node | null, walk: Walk, depth: number): ConfigNode {
  const line = lineOf(node, walk);
  walk.nodes += 1;
  if (walk.nodes > MAX_NODES) throw new TooMuchError(`more than ${MAX_NODES} values`);
  if (depth > MAX_DEPTH) throw new TooMuchError(`nested deeper than ${MAX_DEPTH} levels`);
  if (isAlias(node)) {
    walk.aliases += 1;
    if (walk.aliases > MAX_ALIASES) throw new TooMuchError(`more than ${MAX_ALIASES} aliases`);
    return nodeOf(node.resolve(walk.document) ?? null, walk, depth + 1);
  }
  if (isMap(node)) {
    return {
      kind: 'object',
      line,
      entries: node.items.flatMap((pair) => entryOf(pair as Pair<Node, Node | null>, walk, depth)),
    };
  }
  if (isSeq(node))
    return { kind: 'array', line, items: node.items.map((item) => nodeOf(item as Node, walk, depth + 1)) };
  if (!isScalar(node)) return { kind: 'other', line };
  if (typeof node.value === 'boolean') return { kind: 'boolean', line, value: node.value };
  // a number is text where text is wanted: ports, ids
  if (typeof node.value === 'string' || typeof node.value === 'number') {
    return { kind: 'text', line, text: node.source ?? String(node.value) };
  }
  return { kind: 'other', line };
}

function entryOf(pair: Pair<Node, Node | null>, walk: Walk, depth: number): readonly ConfigEntry[] {
  if (!isScalar(pair.key)) return [];
  return [{ key: String(pair.key.value), line: lineOf(pair.key, walk), value: nodeOf(pair.value, walk, depth + 1) }];
}

function lineOf(node: Node | null, { lines }: Walk): number {
  const offset = node?.range?.[0];
  return offset === undefined ? 1 : Math.max(1, lines.linePos(offset).line);
}
