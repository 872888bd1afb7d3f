import type { LexicalPath } from './path.ts';
import { isValueWithin, parseValueRule, type ValueRule } from './value-rule.ts';

/** A flag that may be given. */
export interface FlagRule {
  /** As typed: `-n`, `--max-count`, `-name`; `-<number>` stands for `-1`, `-20`, …. */
  readonly name: string;
  /** What its value may be; undefined: it takes none. */
  readonly value: ValueRule | undefined;
  /** Whether it may stand without a value. */
  readonly isBare: boolean;
  /** Whether the value may be the next word. */
  readonly isSeparate: boolean;
}

/** The name that stands for every flag that is a number: `head -20`. */
export const NUMBER_FLAG = '-<number>';

const WRITTEN = /^(?<name>--?[A-Za-z0-9?@%#_][\w.?+@:-]*|-<number>)(?<rest>.*)$/su;

const EXPECTED =
  'a flag as `--name`, `--name <type>`, `--name=<type>`, `--name[=<type>]`, `--name=this|that`, `-n`, `-n <type>`, `-n[<type>]` or `-<number>`';

/** A flag as written in a specification, or what was expected instead. */
export function parseFlag(
  written: string,
  roots: readonly LexicalPath[],
): { readonly rule: FlagRule } | { readonly expected: string } {
  const groups = WRITTEN.exec(written)?.groups;
  const name = groups?.['name'];
  const rest = groups?.['rest'] ?? '';
  if (name === undefined || (name === NUMBER_FLAG && rest !== '')) return { expected: EXPECTED };
  if (rest === '') return { rule: { name, value: undefined, isBare: true, isSeparate: false } };
  const optional = isShort(name) ? /^\[(?<type><.*>)\]$/su : /^\[=(?<type>.+)\]$/su;
  const type = optional.exec(rest)?.groups?.['type'];
  if (type !== undefined) return flagWith(name, type, roots, { isBare: true, isSeparate: false });
  if (rest.startsWith(' ')) return flagWith(name, rest.slice(1), roots, { isBare: false, isSeparate: true });
  if (!rest.startsWith('=')) return { expected: EXPECTED };
  return flagWith(name, rest.slice(1), roots, { isBare: false, isSeparate: false });
}

function flagWith(
  name: string,
  type: string,
  roots: readonly LexicalPath[],
  form: Pick<FlagRule, 'isBare' | 'isSeparate'>,
): { readonly rule: FlagRule } | { readonly expected: string } {
  const parsed = parseValueRule(type, roots);
  return 'expected' in parsed ? parsed : { rule: { name, value: parsed.rule, ...form } };
}

/** Whether a flag is one letter after one dash, which getopt lets stand in a cluster: `-la`. */
export function isShort(name: string): boolean {
  return name.length === 2 && name.startsWith('-');
}

/** Whether a flag is a word after one dash, as `find`, `java` and Go programs have them: then `-name` is no cluster. */
export function isSingleDashWord(name: string): boolean {
  return name.length > 2 && !name.startsWith('--') && name !== NUMBER_FLAG;
}

/** Whether every use of the flag `inner` is proved to be a use of `outer`, of the same name. */
export function isFlagWithin(inner: FlagRule, outer: FlagRule): boolean {
  if (inner.value === undefined) {
    return outer.value === undefined || (outer.isBare && !isShort(inner.name));
  }
  if (outer.value === undefined || !isValueWithin(inner.value, [outer.value])) return false;
  if (inner.isBare === outer.isBare && inner.isSeparate === outer.isSeparate) return true;
  return !isShort(inner.name) && !inner.isSeparate && !inner.isBare;
}
