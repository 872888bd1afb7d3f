import { withoutIgnorable } from './characters.ts';
import { FINDINGS, type Finding } from './problems.ts';

// an escape of ASCII that an encoder has reason to write: a space and ! # & ' ( ) + , ; = @ [ ] ^ { }
const PLAIN_ESCAPE = /^%(?:2[0136789BCbc]|3[BDbd]|40|5[BDEbde]|7[BDbd])/u;
const NON_ASCII_ESCAPES = /^(?:%[89A-Fa-f][0-9A-Fa-f])+/u;
const ESCAPE = /%(?=[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4})/u;
const MAX_ESCAPES = 256;

/**
 * What a percent-decoder would make of the path, or what is wrong with it. Escapes of letters, digits, dots, separators and other
 * signs with a meaning, escaped escapes, `%u0000` and bytes that are no UTF-8 (overlong forms among them) only serve to hide.
 */
export function percentDecoded(text: string): string | Finding {
  if (!ESCAPE.test(text)) return text;
  const pieces: string[] = [];
  let rest = text;
  for (let count = 0; count <= MAX_ESCAPES; count += 1) {
    const found = ESCAPE.exec(rest);
    if (found === null) {
      pieces.push(rest);
      return pieces.join('');
    }
    pieces.push(rest.slice(0, found.index));
    const tail = rest.slice(found.index, found.index + 3 * MAX_ESCAPES);
    const escape = PLAIN_ESCAPE.exec(tail)?.[0] ?? NON_ASCII_ESCAPES.exec(tail)?.[0];
    const decoded = escape === undefined ? undefined : decodeUtf8(escape);
    if (escape === undefined || decoded === undefined) return FINDINGS.encoding;
    pieces.push(decoded);
    rest = rest.slice(found.index + escape.length);
  }
  return FINDINGS.encoding;
}

function decodeUtf8(escapes: string): string | undefined {
  try {
    // ECMA-262 §19.2.6.5 Decode: refuses overlong forms, surrogates and what is cut off
    return decodeURIComponent(escapes);
  } catch {
    return undefined;
  }
}

const WRITTEN_DOTS = /0x(?:2e|2f|5c)|&#x?0*(?:2e|2f|5c|46|47|92);?|&(?:period|sol|bsol);?/giu;
const HIDING = /0x|&/iu;
const SEPARATOR = /[/\\]/u;
// what is cut off, or is a parameter, to some: `..;x`, `..#`, `.. `
const DOT_SEGMENT = /^\s*\.(?:\.|[\s.]*(?:$|[;?#,|]))/u;

/**
 * Whether a name begins with two dots, or is made of dots, to any program that decodes, folds or cuts characters off. One `./` in
 * front is for the caller to remove.
 */
export function hasDotSegment(text: string): boolean {
  if (hasDots(text)) return true;
  if (HIDING.test(text) && hasDots(text.replaceAll(WRITTEN_DOTS, decodeWritten))) return true;
  return isAscii(text) ? false : foldings(text).some(hasDots) || hasCutDots(text);
}

function hasDots(text: string): boolean {
  return text.includes('.') && text.split(SEPARATOR).some((name) => DOT_SEGMENT.test(name));
}

function decodeWritten(written: string): string {
  if (/5c|92|bsol/iu.test(written)) return '\\';
  return /2f|47|sol/iu.test(written) ? '/' : '.';
}

/** As programs see the path that fold compatibility forms, or leave out what is invisible. */
function foldings(text: string): readonly string[] {
  const visible = withoutIgnorable(text);
  return [visible, visible.normalize('NFKC')];
}

/** Whether a name begins with two dots to a program that keeps the low byte of each unit, as writing text as latin-1 does. */
function hasCutDots(text: string): boolean {
  let dots = 0;
  for (let index = 0; index < text.length; index += 1) {
    const byte = text.charCodeAt(index) & 0xff;
    if (byte === 0x2e && dots >= 0) {
      dots += 1;
      if (dots === 2) return true;
    } else {
      dots = byte === 0x2f || byte === 0x5c ? 0 : -1;
    }
  }
  return false;
}

/** Whether every character is ASCII. */
export function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

/** For comparing with what is denied: no case, no compatibility forms, nothing invisible. */
export function folded(text: string): string {
  return isAscii(text)
    ? text.toLowerCase()
    : withoutIgnorable(text).normalize('NFKC').toUpperCase().toLowerCase().normalize('NFC');
}

const HOME = /^~/u;
const LEADING_VARIABLE = /^\$/u;
// a variable by its name in upper case in front of a name; in braces or as a command anywhere
const VARIABLE = /[/\\]\$[A-Z_][A-Z0-9_]{1,254}(?![A-Za-z0-9_])|\$[{(]|`/u;
// in what a decoder left of percent signs: `%C3%A9t%C3%A9` holds no variable
const PERCENT_VARIABLE = /%[A-Za-z_][A-Za-z0-9_()]{0,254}%/u;

/** Whether a shell or a library may put something else in the place of a part of the path. */
export function isExpanded(text: string): boolean {
  return HOME.test(text) || LEADING_VARIABLE.test(text) || VARIABLE.test(text);
}

/** The same of variables between percent signs, in a text without escapes. */
export function hasPercentVariable(decoded: string): boolean {
  return PERCENT_VARIABLE.test(decoded);
}
