/** A URL in a text, and in which way it stands there. */
export interface FoundLink {
  readonly url: string;
  readonly start: number;
  readonly end: number;
  /** Fetched when shown: pictures, style sheets, frames, scripts and media. */
  readonly isFetched: boolean;
}

/** Longer URLs are looked at up to here: hardly any server takes longer ones, and each of many within each other is read. */
const MAX_URL = 2048;

/** Elements of HTML whose URL is fetched when the page is shown. */
const FETCHING_TAG = /^<(?:img|iframe|frame|script|source|video|audio|embed|object|input|image|link|track)\b/iu;
const STYLE = /url\(\s{0,4}["']?$/iu;

/** How much of the text before a URL is looked at. */
const BEFORE = 320;

/** What a URL goes on with in running text: no space, controls, quotes, or brackets that mark up. */
const BODY = /[^\s\p{Cc}<>"'`|\\^()]{0,1024}/uy;

/** Closing punctuation of a sentence, which is not a part of the URL before it. */
const TRAILING = /[.,;:!?*_~)’”»]+$/u;
const TRAILING_BRACKETS = /[.,;:!?*_~\])’”»]+$/u;

/** The URL that begins at `start`. */
export function linkAt(text: string, start: number): FoundLink {
  const whole = text.slice(start, withCredentials(text, start, endOf(text, start)));
  const url = whole.replace(whole.includes('[') ? TRAILING : TRAILING_BRACKETS, '');
  return { url, start, end: start + url.length, isFetched: isFetchedAt(text, start) };
}

/** A parenthesis that the URL does not open closes a link of Markdown. */
function endOf(text: string, start: number): number {
  const last = Math.min(text.length, start + MAX_URL);
  let end = start;
  let depth = 0;
  while (end < last) {
    BODY.lastIndex = end;
    const length = BODY.exec(text)?.[0].length ?? 0;
    end += length;
    if (length === 1024) continue;
    const character = text.charAt(end);
    if (character === '(') depth += 1;
    else if (character !== ')' || (depth -= 1) < 0) return end;
    end += 1;
  }
  return last;
}

/** A name or password before the host, with characters that end URLs elsewhere: parsers read on to the last `@` before a slash. */
const CREDENTIALS = /[^\s<>"/?#@]{0,128}(?:@[^\s<>"/?#@]{0,128}){0,4}@[^\s<>"'`|\\^()]{1,512}/uy;

/** Where a URL ends whose authority goes on behind `end`. */
function withCredentials(text: string, start: number, end: number): number {
  const authority = text.indexOf('://', start) + 3;
  if (authority < 3 || authority > end || /[/?#]/u.test(text.slice(authority, end))) return end;
  CREDENTIALS.lastIndex = end;
  return end + (CREDENTIALS.exec(text)?.[0].length ?? 0);
}

function isFetchedAt(text: string, start: number): boolean {
  switch (text.charAt(start - 1)) {
    case '(':
      return isPicture(text, start) || isInStyle(text, start);
    case '"':
    case "'":
    case '=':
      return isInFetchingTag(text, start) || isInStyle(text, start);
    case '<':
      return text.charAt(start - 2) === '(' && isPicture(text, start - 1);
    case ' ':
      // `![a][b]`, and `[b]: url`
      return text.startsWith(']:', start - 3) && text.includes('![');
    default:
      return false;
  }
}

/** `![…](` right before */
function isPicture(text: string, start: number): boolean {
  if (text.charAt(start - 2) !== ']') return false;
  const before = text.slice(Math.max(0, start - BEFORE), start - 2);
  const open = before.lastIndexOf('[');
  return open > 0 && before.charAt(open - 1) === '!';
}

function isInFetchingTag(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - BEFORE), start);
  const open = before.lastIndexOf('<');
  return open > before.lastIndexOf('>') && FETCHING_TAG.test(before.slice(open));
}

function isInStyle(text: string, start: number): boolean {
  return STYLE.test(text.slice(Math.max(0, start - 12), start));
}

const SCHEME_CHARACTER = /[A-Za-z0-9+.-]/u;

/** Where the scheme that ends before the colon at `colon` begins; `colon` where there is none. */
export function schemeStart(text: string, colon: number): number {
  let start = colon;
  while (start > 0 && colon - start < 32 && SCHEME_CHARACTER.test(text.charAt(start - 1))) start -= 1;
  while (start < colon && !/[A-Za-z]/u.test(text.charAt(start))) start += 1;
  return start;
}
