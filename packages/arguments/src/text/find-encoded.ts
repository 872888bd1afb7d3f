import { hiddenCode } from './find-hidden.ts';

/** RFC 2047: `=?charset?B?…?=`. */
const ENCODED_WORD = /=\?[A-Za-z0-9*_.-]{1,40}\?[bq]\?/iu;

/** Whether there is an encoded word of a mail header. */
export function hasEncodedWord(text: string): boolean {
  return ENCODED_WORD.test(text);
}

/**
 * Percent-encoded NUL, tab, line feed, carriage return, escape, and UTF-8 for C1 controls, line separators, bidirectional and invisible
 * characters and tags, encoded once or several times. Other percent signs are too common: `%02d` is no control character.
 */
const PERCENT =
  /%(?:25){0,4}(?:0[0ad]|1b|c2%(?:25){0,4}[89][0-9a-f]|e2%(?:25){0,4}80%(?:25){0,4}(?:8[b-f]|a[89a-e])|e2%(?:25){0,4}81%(?:25){0,4}a[0-9a-f]|ef%(?:25){0,4}bb%(?:25){0,4}bf|f3%(?:25){0,4}a0%(?:25){0,4}8[01])/giu;

/** Escapes of HTML, JSON, JavaScript, Python, C and shells, each with the number of a code point. */
const NUMBERED =
  /&#0{0,32}(?<decimal>\d{1,7});?|&#x0{0,32}(?<html>[0-9a-f]{1,6});?|\\u\{0{0,32}(?<braced>[0-9a-f]{1,6})\}|\\u(?<short>[0-9a-f]{4})|\\U00(?<long>[0-9a-f]{6})|\\x(?<byte>[0-9a-f]{2})|\\(?<octal>[0-3][0-7]{2})/giu;

/** References of HTML by name, and the escape character as shells and Lua write it. */
const NAMED =
  /&(?:NewLine|Tab|ZeroWidthSpace|zwj|zwnj|lrm|rlm|NoBreak|ApplyFunction|InvisibleTimes|InvisibleComma);|\\(?:e|27)\[/u;

const LINE_BREAKS: ReadonlySet<number> = new Set([9, 10, 13]);

/**
 * Whether `text` spells out a character that it may not hold. Where `acceptsLines`, tabs and line breaks may be spelled out.
 */
export function hasEncoded(text: string, acceptsLines: boolean): boolean {
  if (!/[%&\\]/u.test(text)) return false;
  for (const [spelled] of text.matchAll(PERCENT)) {
    if (!acceptsLines || !/0[ad]$/iu.test(spelled)) return true;
  }
  for (const { groups } of text.matchAll(NUMBERED)) {
    if (isRefused(pointOf(groups ?? {}), acceptsLines)) return true;
  }
  const named = NAMED.exec(text)?.[0];
  return named !== undefined && !(acceptsLines && (named === '&NewLine;' || named === '&Tab;'));
}

function pointOf({
  decimal,
  octal,
  html,
  braced,
  short,
  long,
  byte,
}: Readonly<Record<string, string | undefined>>): number {
  if (decimal !== undefined) return Number(decimal);
  if (octal !== undefined) return Number.parseInt(octal, 8);
  return Number.parseInt(html ?? braced ?? short ?? long ?? byte ?? '0', 16);
}

function isRefused(point: number, acceptsLines: boolean): boolean {
  if (LINE_BREAKS.has(point)) return !acceptsLines;
  if (point > 0x10ffff) return false;
  // Halves of pairs are how JSON spells emoji; only tags are worth refusing, and their first half is theirs alone.
  if (point >= 0xd800 && point <= 0xdfff) return point === 0xdb40;
  const code = hiddenCode(point);
  return code !== undefined && code !== 'text.variation' && code !== 'text.private_use';
}
