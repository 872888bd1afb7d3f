import { RE2JS } from 're2js';

import { isPlainPath, isUnder, parsePath, type LexicalPath } from './path.ts';

/** What one operand, or the value of a flag, may be. */
export type ValueRule =
  | { readonly kind: 'text' }
  | { readonly kind: 'number' }
  | { readonly kind: 'word' }
  | { readonly kind: 'path'; readonly roots: readonly LexicalPath[] }
  | { readonly kind: 'literal'; readonly options: readonly string[] }
  | { readonly kind: 'pattern'; readonly source: string; readonly pattern: RE2JS };

const TYPES = '`<text>`, `<number>`, `<word>`, `<path>` or `</pattern/>`';

/** A rule as written, or what was expected instead. `<path>` needs roots. */
export function parseValueRule(
  written: string,
  roots: readonly LexicalPath[],
): { readonly rule: ValueRule } | { readonly expected: string } {
  const type = /^<(?<type>.*)>$/su.exec(written)?.groups?.['type'];
  if (type === undefined) {
    const isClear = written !== '' && !/[<>[\]]/u.test(written) && !written.startsWith('-');
    return isClear
      ? { rule: { kind: 'literal', options: written.split('|') } }
      : { expected: `a text without angle or square brackets that starts with no \`-\`, or ${TYPES}` };
  }
  switch (type) {
    case 'text':
    case 'number':
    case 'word':
      return { rule: { kind: type } };
    case 'path':
      return roots.length > 0 ? { rule: { kind: 'path', roots } } : { expected: '`paths` beside `<path>`' };
    default:
      return parsePattern(type);
  }
}

function parsePattern(type: string): { readonly rule: ValueRule } | { readonly expected: string } {
  const source = /^\/(?<source>.+)\/$/su.exec(type)?.groups?.['source'];
  if (source === undefined) return { expected: TYPES };
  try {
    return { rule: { kind: 'pattern', source, pattern: RE2JS.compile(source) } };
  } catch {
    return { expected: 'a pattern in RE2 syntax' };
  }
}

const NUMBER = /^-?\d{1,32}(?:\.\d{1,32})?$/u;
const WORD = /^\w[\w.-]*$/u;

export function acceptsValue(rule: ValueRule, value: string): boolean {
  switch (rule.kind) {
    case 'text':
      return true;
    case 'number':
      return NUMBER.test(value);
    case 'word':
      return WORD.test(value);
    case 'path': {
      if (!isPlainPath(value)) return false;
      const path = parsePath(value);
      return rule.roots.some((root) => isUnder(path, root));
    }
    case 'literal':
      return rule.options.includes(value);
    case 'pattern':
      return rule.pattern.matches(value);
  }
}

/** Whether every value that `inner` accepts is proved to be accepted by one of `outer`. */
export function isValueWithin(inner: ValueRule, outer: readonly ValueRule[]): boolean {
  if (inner.kind === 'literal') {
    return inner.options.every((option) => outer.some((rule) => acceptsValue(rule, option)));
  }
  return outer.some((rule) => {
    if (rule.kind === 'text') return true;
    if (inner.kind === 'path' && rule.kind === 'path') {
      return inner.roots.every((root) => rule.roots.some((wider) => isUnder(root, wider)));
    }
    if (inner.kind === 'pattern') return rule.kind === 'pattern' && rule.source === inner.source;
    return rule.kind === inner.kind;
  });
}

/** The rule in words. */
export function describeValue(rule: ValueRule): string {
  switch (rule.kind) {
    case 'text':
      return 'any text';
    case 'number':
      return 'a number';
    case 'word':
      return 'a word of letters, digits, `_`, `.` and `-`';
    case 'path':
      return `a path under ${rule.roots.map((root) => `\`${rootText(root)}\``).join(' or ')}`;
    case 'literal':
      return rule.options.map((option) => `\`${option}\``).join(' or ');
    case 'pattern':
      return `a text that matches \`${rule.source}\` as a whole`;
  }
}

function rootText({ isAbsolute, segments }: LexicalPath): string {
  return `${isAbsolute ? '/' : ''}${segments.join('/')}` || '.';
}
