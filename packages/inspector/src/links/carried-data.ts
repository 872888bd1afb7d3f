import { decodeBase64, decodeHex } from '../view/decode-run.ts';

/** What a URL carries besides where it leads. */
export type CarriedData = 'placeholder' | 'named-placeholder' | 'encoded-text' | 'opaque';

const PLACEHOLDER =
  /\{\{?[^{}]{1,64}\}?\}|%7b[^%]{1,64}%7d|\$\{[^{}]{1,64}\}|\[[A-Z_ ]{3,48}\]|<[^<>]{1,64}>|%3c[^%]{1,64}%3e/iu;

const MAY_HOLD_PLACE = /[{[<$%]/u;

/** What attackers ask models to fill in. */
const PRIVATE_NAME =
  /conversation|chat|histor|secret|token|passw|credential|prompt|context|messages?\b|memor|system|summar|user.?(?:data|info|input|name)|api.?key|e-?mail|data\b|contents?\b|previous|answer|response|base64|encoded|exfil/iu;

/** Shorter values are ids. */
const MIN_VALUE = 24;
/** How many parts of a URL are looked at. */
const MAX_PARTS = 128;
/** Values as long as this are no ids. */
const MIN_OPAQUE = 96;

/** The worst that the path, query and fragment of a URL carry; undefined for nothing to tell of. */
export function carriedData(url: string): CarriedData | undefined {
  const from = url.indexOf('/', url.indexOf('://') + 3);
  const query = url.search(/[?#]/u);
  if (from === -1 && query === -1) return undefined;
  const rest = query === -1 ? '' : url.slice(query);
  const placeholder = MAY_HOLD_PLACE.test(rest) ? PLACEHOLDER.exec(rest)?.[0] : undefined;
  if (placeholder !== undefined && PRIVATE_NAME.test(placeholder)) return 'named-placeholder';
  const tail = url.slice(from === -1 ? query : from);
  const parts =
    tail.length < MIN_VALUE ? [] : tail.split(/[/?#&=;]/u, MAX_PARTS).filter((part) => part.length >= MIN_VALUE);
  if (parts.some(isEncodedText)) return 'encoded-text';
  if (placeholder !== undefined) return 'placeholder';
  return rest !== '' && parts.some((part) => part.length >= MIN_OPAQUE) ? 'opaque' : undefined;
}

function isEncodedText(part: string): boolean {
  const value = part.replaceAll(/%3d/giu, '=').replaceAll(/%2b/giu, '+').replaceAll(/%2f/giu, '/');
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/u.test(value)) return false;
  const text = /^(?:[0-9a-f]{2})+$/iu.test(value) ? decodeHex(value) : decodeBase64(value);
  return text !== undefined && text.replaceAll(/[ -~]/gu, '').length * 10 <= text.length;
}
