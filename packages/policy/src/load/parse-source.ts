import { excerpt, type JsonValue } from '@callgate/canonical';
import {
  LineCounter,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type Scalar,
} from 'yaml';

import { PolicyError, type PolicyErrorCode, type PolicyIssue } from '../errors.ts';
import { SourceMap, type PlaceTree, type Position } from './source-map.ts';

/** The largest policy text, in UTF-16 code units. */
const MAX_POLICY_LENGTH: number = 4 * 1024 * 1024;
const MAX_ALIASES = 50;
const MAX_NODES = 200_000;
const MAX_DEPTH = 64;
const MAX_LINES = 400_000;
const MAX_KEY_LENGTH = 1024;

/** A policy text as plain data, and where each value stands. */
export interface ParsedSource {
  readonly value: JsonValue;
  readonly sourceMap: SourceMap;
}

/**
 * Reads YAML 1.2 (core schema) or JSON.
 *
 * One document; keys are strings of at most 1,024 UTF-16 code units and unique; no merge keys, no custom tags; at most 50
 * aliases, 64 levels, 200,000 values, 400,000 lines.
 *
 * @throws {PolicyError} with every syntax error and its place
 */
export function parseSource(text: string, file: string | null): ParsedSource {
  if (typeof text !== 'string') throw new TypeError('text: expected a string');
  if (text.length > MAX_POLICY_LENGTH) {
    throw failure('CALLGATE_POLICY_TOO_LARGE', file, undefined, `at most ${MAX_POLICY_LENGTH} characters`, 'more');
  }
  const source = text.startsWith('\uFEFF') ? text.slice(1) : text;
  refuseTooMany(source, file);
  const lines = new LineCounter();
  const document = parseText(source, file, lines);
  const issues = [...document.errors, ...document.warnings].map((problem) =>
    syntaxIssue(file, lines.linePos(problem.pos[0]), problem.message),
  );
  if (issues.length > 0) throw new PolicyError('CALLGATE_POLICY_SYNTAX', issues);
  if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
    throw failure('CALLGATE_POLICY_EMPTY', file, { line: 1, column: 1 }, 'a policy', 'an empty document');
  }
  const walk: Walk = {
    document,
    file,
    lines,
    issues: [],
    aliases: 0,
    nodes: 0,
  };
  const { value, place } = plain(walk, document.contents, undefined, 0);
  if (walk.issues.length > 0) throw new PolicyError('CALLGATE_POLICY_SYNTAX', walk.issues);
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  return { value, sourceMap: new SourceMap(file, { text: source, root: place, positionAt }) };
}

/**
 * The parser makes objects of every token and mistake before anything can be counted, at up to 1 KB a character. Values of
 * a flow need a comma or a bracket, others a line; so what has too many of those has too many values, and is not parsed.
 */
function refuseTooMany(text: string, file: string | null): void {
  let marks = 0;
  let lines = 0;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    // most are letters, above all of them
    if (unit > LAST_MARK) {
      if (unit === OPEN_BRACE) marks += 1;
    } else if (unit === LINE_FEED || unit === CARRIAGE_RETURN) lines += 1;
    else if (MARKS.has(unit)) marks += 1;
  }
  if (marks > MAX_NODES)
    throw failure('CALLGATE_POLICY_TOO_LARGE', file, undefined, `at most ${MAX_NODES} values`, 'more');
  if (lines > MAX_LINES)
    throw failure('CALLGATE_POLICY_TOO_LARGE', file, undefined, `at most ${MAX_LINES} lines`, 'more');
}

const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const OPEN_BRACE = 0x7b;
const LAST_MARK = 0x5b;
const MARKS: ReadonlySet<number> = new Set([',', '[', '{', '&', '*', '!', '%'].map((mark) => mark.charCodeAt(0)));

function parseText(text: string, file: string | null, lineCounter: LineCounter): Document.Parsed {
  try {
    return parseDocument(text, {
      version: '1.2',
      schema: 'core',
      merge: false,
      strict: true,
      // checked below: the parser's own check compares every pair of keys
      uniqueKeys: false,
      stringKeys: false,
      prettyErrors: false,
      // `silent` would also silence the error about a second document
      logLevel: 'error',
      keepSourceTokens: false,
      lineCounter,
    });
  } catch (error) {
    // the parser recurses into nested collections; text nested deeper than the stack is refused like any other bad text
    throw failure('CALLGATE_POLICY_SYNTAX', file, undefined, 'YAML or JSON', 'text that cannot be parsed', error);
  }
}

interface Walk {
  readonly document: Document.Parsed;
  readonly file: string | null;
  readonly lines: LineCounter;
  readonly issues: PolicyIssue[];
  aliases: number;
  nodes: number;
}

interface Plain {
  readonly value: JsonValue;
  readonly place: PlaceTree;
}

/** @param key of the member that the node is the value of: its place is where the value is said to stand */
function plain(walk: Walk, node: Node | null, key: Node | undefined, depth: number): Plain {
  walk.nodes += 1;
  if (walk.nodes > MAX_NODES)
    throw failure(
      'CALLGATE_POLICY_TOO_LARGE',
      walk.file,
      positionOf(walk, node),
      `at most ${MAX_NODES} values`,
      'more',
    );
  if (depth > MAX_DEPTH)
    throw failure(
      'CALLGATE_POLICY_TOO_LARGE',
      walk.file,
      positionOf(walk, node),
      `at most ${MAX_DEPTH} levels`,
      'more',
    );
  const offset = (key ?? node)?.range?.[0] ?? -1;
  if (isScalar(node)) {
    const start = typeof node.value === 'string' && node.range ? node.range[0] : -1;
    return { value: plainScalar(walk, node), place: { offset, start } };
  }
  if (isAlias(node)) {
    walk.aliases += 1;
    if (walk.aliases > MAX_ALIASES) {
      const position = positionOf(walk, node);
      throw failure('CALLGATE_POLICY_TOO_LARGE', walk.file, position, `at most ${MAX_ALIASES} aliases`, 'more');
    }
    const target = node.resolve(walk.document);
    if (target === undefined)
      walk.issues.push(syntaxIssue(walk.file, positionOf(walk, node), 'the alias names no anchor before it'));
    const { value, place } = plain(walk, target ?? null, undefined, depth + 1);
    return { value, place: { ...place, offset } };
  }
  if (isMap(node)) return plainObject(walk, node.items as Pair<Node, Node | null>[], offset, depth);
  if (isSeq(node)) {
    const items = node.items.map((item) => plain(walk, item as Node | null, undefined, depth + 1));
    const places = items.map(({ place }) => place);
    return { value: items.map(({ value }) => value), place: { offset, start: -1, items: places } };
  }
  return { value: null, place: { offset, start: -1 } };
}

function plainObject(walk: Walk, pairs: readonly Pair<Node, Node | null>[], offset: number, depth: number): Plain {
  const value: Record<string, JsonValue> = {};
  const members = new Map<string, PlaceTree>();
  for (const pair of pairs) {
    const key = isScalar(pair.key) ? pair.key.value : undefined;
    if (typeof key !== 'string' || key === '__proto__') {
      refuseKey(walk, pair.key, 'expected a plain name as key; put numbers and other words in quotes');
      continue;
    }
    // messages repeat the names around a place, so long ones would multiply
    if (key.length > MAX_KEY_LENGTH) {
      refuseKey(walk, pair.key, `expected a key of at most ${MAX_KEY_LENGTH} characters`);
      continue;
    }
    if (members.has(key)) refuseKey(walk, pair.key, `duplicate key \`${excerpt(key)}\``);
    const member = plain(walk, pair.value, pair.key, depth + 1);
    value[key] = member.value;
    members.set(key, member.place);
  }
  return { value, place: { offset, start: -1, members } };
}

function refuseKey(walk: Walk, key: Node, message: string): void {
  walk.issues.push(syntaxIssue(walk.file, positionOf(walk, key), message));
}

function plainScalar(walk: Walk, node: Scalar): JsonValue {
  const { value, source } = node;
  if (typeof value === 'number' && !isExact(value, source)) {
    const position = positionOf(walk, node);
    walk.issues.push(syntaxIssue(walk.file, position, 'the number is outside the range of exact numbers'));
    return 0;
  }
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  walk.issues.push(syntaxIssue(walk.file, positionOf(walk, node), 'expected a JSON value'));
  return null;
}

/** Whether reading lost nothing: finite, and integers below 2^53 or written so that the double is what they say. */
function isExact(value: number, source: string | undefined): boolean {
  if (!Number.isFinite(value)) return false;
  if (Number.isSafeInteger(value) || source === undefined || !/^[-+]?[0-9]{1,400}$/u.test(source)) return true;
  return BigInt(source.replace(/^\+/u, '')) === BigInt(value);
}

function positionOf(walk: Walk, node: Node | null): Position | undefined {
  const offset = node?.range?.[0];
  if (offset === undefined) return undefined;
  const { line, col } = walk.lines.linePos(offset);
  return { line, column: col };
}

function syntaxIssue(
  file: string | null,
  place: { readonly line: number; readonly col?: number; readonly column?: number } | undefined,
  message: string,
): PolicyIssue {
  return {
    file,
    line: place?.line ?? null,
    column: place?.column ?? place?.col ?? null,
    pointer: '',
    expected: 'well-formed YAML or JSON',
    got: 'a syntax error',
    message: excerpt(lowerFirst(message), 200),
  };
}

function lowerFirst(message: string): string {
  return message.charAt(0).toLowerCase() + message.slice(1);
}

function failure(
  code: PolicyErrorCode,
  file: string | null,
  position: Position | undefined,
  expected: string,
  got: string,
  cause?: unknown,
): PolicyError {
  const issue: PolicyIssue = {
    file,
    line: position?.line ?? null,
    column: position?.column ?? null,
    pointer: '',
    expected,
    got,
    message: `expected ${expected}, got ${got}`,
  };
  return new PolicyError(code, [issue], cause === undefined ? undefined : { cause });
}
