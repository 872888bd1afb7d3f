import { printable } from './printable.ts';

const MAX_LENGTH = 10_000;
// XML 1.0 §2.2 leaves out U+FFFE and U+FFFF, which are in no class that `printable` escapes
const NOT_CHARACTERS = /[\uFFFE\uFFFF]/gu;

/** Foreign text as XML 1.0 content or attribute value: well-formed whatever it holds. */
export function xmlText(text: string): string {
  return printable(text, MAX_LENGTH)
    .replaceAll(NOT_CHARACTERS, '\uFFFD')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}

/** Attributes in front of which a space stands; those that are undefined are left out. */
export function xmlAttributes(attributes: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(attributes)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${xmlText(String(value))}"`]))
    .join('');
}
