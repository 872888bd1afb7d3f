import type { Change, DiffItem, Flip, PolicyDiff } from '@callgate/policy';

import type { CommandContext } from '../command.ts';
import {
  SECTIONS,
  countWords,
  flipCodes,
  flipWords,
  placeOf,
  principalWords,
  subjectWords,
  verdictWords,
  witnessJson,
} from './diff-words.ts';
import { printable } from './printable.ts';
import type { Style } from './style.ts';

const MAX_WITNESS_LENGTH = 600;
const MAX_WORDS_LENGTH = 300;
const NARROW_LINE = 100;

/** Prints how two policies differ, for a person: the worst first, each difference with a call that shows it. */
export function printDiff(diff: PolicyDiff, { out, style }: CommandContext): void {
  for (const [direction, title] of SECTIONS) {
    const items = diff.items.filter((item) => item.direction === direction);
    if (items.length === 0) continue;
    out.printLine(style.bold(`${title} (${items.length})`));
    for (const item of items) for (const line of itemLines(item, style)) out.printLine(line);
    out.printLine('');
  }
  const { before, after } = diff;
  const name =
    before.name === after.name ? printable(after.name) : `${printable(before.name)} → ${printable(after.name)}`;
  const version =
    before.version === after.version
      ? printable(after.version)
      : `${printable(before.version)} → ${printable(after.version)}`;
  out.printLine(`${style.bold(`${name} ${version}`)}: ${paintVerdict(diff, style)}; ${countWords(diff)}`);
}

function paintVerdict(diff: PolicyDiff, style: Style): string {
  const words = verdictWords(diff);
  if (diff.verdict === 'widened') return style.red(words);
  return diff.verdict === 'unknown' ? style.yellow(words) : style.green(words);
}

const MARKS = { widened: '+', unknown: '?', narrowed: '-', changed: '·' } as const;

function itemLines(item: DiffItem, style: Style): readonly string[] {
  const { server, status, flips, changes, reasons } = item;
  const name = item.name === null ? '' : ` ${style.bold(printable(item.name))}`;
  const on = server === null ? '' : ` on ${printable(server)}`;
  const place = placeOf(item);
  const head = `  ${paintMark(item, style)} ${subjectWords(item)}${name}${on}, ${status}`;
  return [
    `${head}${place === '' ? '' : style.dim(`  ${printable(place)}`)}`,
    ...changes.flatMap((change) => changeLines(change, style)),
    ...flips.flatMap((flip) => flipLines(flip, style)),
    ...reasons.map((reason) => style.dim(`      not proved: ${printable(reason, MAX_WORDS_LENGTH)}`)),
  ];
}

function paintMark({ direction }: DiffItem, style: Style): string {
  const mark = MARKS[direction];
  if (direction === 'widened') return style.red(mark);
  return direction === 'unknown' ? style.yellow(mark) : style.green(mark);
}

function changeLines({ key, before, after, example }: Change, style: Style): readonly string[] {
  const words = (text: string | null): string => (text === null ? 'nothing' : printable(text, MAX_WORDS_LENGTH));
  const shown = example === undefined ? [] : [style.dim(`        for instance ${printable(example)}`)];
  const line = `      ${printable(key)}: ${words(before)} → ${words(after)}`;
  if (line.length <= NARROW_LINE) return [line, ...shown];
  return [`      ${printable(key)}:`, `        ${words(before)}`, `        → ${words(after)}`, ...shown];
}

function flipLines(flip: Flip, style: Style): readonly string[] {
  const words = flip.direction === 'widened' ? style.red(flipWords(flip)) : style.green(flipWords(flip));
  return [
    `      ${words} ${style.dim(flipCodes(flip))}`,
    `        ${printable(witnessJson(flip), MAX_WITNESS_LENGTH)}`,
    style.dim(`        as ${printable(principalWords(flip))}`),
  ];
}
