import type { Match } from '../detector.ts';
import type { Fuel } from '../fuel.ts';
import { hidingOf } from './hiding.ts';

/** A tag that opens, with attributes: what has none hides nothing. Longer attributes than these are not read. */
const OPENING = /<(?<name>[a-z][a-z0-9-]{0,31})(?<attributes>[\s/][^<>]{1,2048})>/giu;

/** Any tag, with what it is: one that closes, or one that opens and what it opens. */
const TAG = /<(?<slash>\/?)(?<name>[a-z][a-z0-9-]{0,31})(?:[\s/][^<>]{0,2048})?>/giu;

/** Letters or digits, in any script: what has none says nothing. */
const SPEAKS = /[\p{L}\p{N}]{2}/u;

/** Elements that HTML hides from people, with what is in them. */
export function* elementMatches(text: string, fuel: Fuel): Generator<Match> {
  let closings: ReadonlyMap<number, Place> | undefined;
  for (const { 0: tag, index: start, groups } of text.matchAll(OPENING)) {
    const hiding = hidingOf(groups?.['attributes'] ?? '');
    if (hiding === undefined) continue;
    closings ??= closingsOf(text, fuel);
    const from = start + tag.length;
    const [until, end] = closings.get(start) ?? [from, from];
    if (!SPEAKS.test(text.slice(from, Math.min(until, from + SAMPLE)).replaceAll(ANY_TAG, ''))) continue;
    yield {
      rule: hiding === 'style' ? 'invisible.hidden-style' : 'invisible.hidden-element',
      severity: hiding === 'aria' ? 'low' : 'medium',
      start,
      end,
      reason: 'an element that pages do not show',
      isKept: true,
      conceals: [from, until],
    };
  }
}

/** How much of an element is looked at to see whether it says something. */
const SAMPLE = 1024;
const ANY_TAG = /<[^<>]*>/gu;

type Place = readonly [start: number, end: number];

/** For each place where a tag opens, where the element closes. What nothing closes, as `<input>`, is not in it. */
function closingsOf(text: string, fuel: Fuel): ReadonlyMap<number, Place> {
  fuel.spend(Math.ceil(text.length / 2));
  const closings = new Map<number, Place>();
  const open = new Map<string, number[]>();
  for (const { 0: tag, index, groups } of text.matchAll(TAG)) {
    const name = (groups?.['name'] ?? '').toLowerCase();
    const own = open.get(name);
    if (groups?.['slash'] !== '/') {
      if (own === undefined) open.set(name, [index]);
      else own.push(index);
      continue;
    }
    const opened = own?.pop();
    if (opened !== undefined) closings.set(opened, [index, index + tag.length]);
  }
  return closings;
}
