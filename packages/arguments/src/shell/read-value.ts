import type { JsonValue } from '@callgate/canonical';

import { isPassable } from './characters.ts';
import { confirmsLine } from './confirm-line.ts';
import type { Line } from './line.ts';
import { finding, type Finding } from './problem.ts';
import { readLine } from './read-line.ts';
import type { ShellRules } from './rules.ts';

/** A value as commands, or why it is none: the place below the value, and what was found there. */
export type ReadValue = { readonly line: Line } | { readonly found: Finding; readonly pointer: string };

/** Reads a command line, or an array of arguments, within the bounds of the rules. */
export function readValue(value: JsonValue, rules: ShellRules): ReadValue {
  if (typeof value === 'string') {
    if (rules.form === 'argv') return refused(finding('shell.form', 'a command line', 'give an array of strings'));
    return readText(value, rules);
  }
  if (!Array.isArray(value)) return refused(finding('shell.form', 'another value'));
  if (rules.form === 'line') return refused(finding('shell.form', 'an array', 'give one string'));
  return readArguments(value as readonly JsonValue[], rules);
}

function readText(text: string, rules: ShellRules): ReadValue {
  if (text.length > rules.maxLength) return refused(tooLong(rules));
  const read = readLine(text, rules.maxCommands);
  if ('found' in read) return refused(read.found);
  return confirmsLine(text, read.line)
    ? read
    : refused(
        finding('shell.ambiguous', 'a command line that can be read in more than one way', 'write it more plainly'),
      );
}

function readArguments(items: readonly JsonValue[], rules: ShellRules): ReadValue {
  if (items.length === 0) return refused(finding('shell.empty', 'an empty array'));
  let length = items.length;
  if (length > rules.maxLength) return refused(tooLong(rules));
  const words: string[] = [];
  for (const [index, item] of items.entries()) {
    if (typeof item !== 'string') return refused(finding('shell.form', 'an item that is no string'), `/${index}`);
    length += item.length;
    if (length > rules.maxLength) return refused(tooLong(rules));
    if (!isPassable(item)) {
      return refused(finding('shell.character', 'an argument that cannot be passed to a program'), `/${index}`);
    }
    words.push(item);
  }
  return { line: { commands: [{ words, redirects: [] }], connectors: [], isTerminated: false } };
}

function tooLong({ maxLength }: ShellRules): Finding {
  return finding('shell.length', `more than ${maxLength} characters`, 'make it shorter');
}

function refused(found: Finding, pointer = ''): ReadValue {
  return { found, pointer };
}
