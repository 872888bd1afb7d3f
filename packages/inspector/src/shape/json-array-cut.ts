/** How many entries the array at `path` has in a JSON text, and the text with the first `max` of them. */
export interface ArrayCut {
  readonly count: number;
  readonly text: string;
}

/**
 * Cuts an array in a JSON text and leaves every other character as it is: numbers of any size, spaces, order. Of members with one name
 * the last counts, as parsers have it.
 *
 * @param text valid JSON
 * @param path the names and indexes that lead to the array
 * @returns undefined where no array stands there
 */
export function cutJsonArray(text: string, path: readonly string[], max: number): ArrayCut | undefined {
  let at = skipSpace(text, 0);
  for (const token of path) {
    const found = text.charAt(at) === '{' ? memberAt(text, at, token) : itemAt(text, at, token);
    if (found === undefined) return undefined;
    at = found;
  }
  return text.charAt(at) === '[' ? cutAt(text, at, max) : undefined;
}

function cutAt(text: string, open: number, max: number): ArrayCut {
  let count = 0;
  let keep = open + 1;
  let at = skipSpace(text, open + 1);
  while (text.charAt(at) !== ']') {
    at = skipValue(text, at);
    count += 1;
    if (count === max) keep = at;
    at = skipSpace(text, at);
    if (text.charAt(at) === ',') at = skipSpace(text, at + 1);
  }
  return { count, text: count > max ? text.slice(0, keep) + text.slice(at) : text };
}

function itemAt(text: string, open: number, token: string): number | undefined {
  if (text.charAt(open) !== '[' || !/^(?:0|[1-9][0-9]{0,8})$/u.test(token)) return undefined;
  let at = skipSpace(text, open + 1);
  for (let index = 0; text.charAt(at) !== ']'; index += 1) {
    if (index === Number(token)) return at;
    at = skipSpace(text, skipValue(text, at));
    if (text.charAt(at) === ',') at = skipSpace(text, at + 1);
  }
  return undefined;
}

function memberAt(text: string, open: number, token: string): number | undefined {
  let found: number | undefined;
  let at = skipSpace(text, open + 1);
  while (text.charAt(at) !== '}') {
    const end = skipString(text, at);
    const name = JSON.parse(text.slice(at, end)) as unknown;
    // past the colon
    at = skipSpace(text, skipSpace(text, end) + 1);
    if (name === token) found = at;
    at = skipSpace(text, skipValue(text, at));
    if (text.charAt(at) === ',') at = skipSpace(text, at + 1);
  }
  return found;
}

/** Where the value that begins at `at` ends. */
function skipValue(text: string, at: number): number {
  let depth = 0;
  let end = at;
  do {
    const character = text.charAt(end);
    if (character === '"') end = skipString(text, end);
    else {
      if (character === '{' || character === '[') depth += 1;
      else if (character === '}' || character === ']') depth -= 1;
      else if (depth === 0) return skipScalar(text, end);
      end += 1;
    }
  } while (depth > 0);
  return end;
}

function skipScalar(text: string, at: number): number {
  let end = at;
  while (end < text.length && !/[\s,\]}]/u.test(text.charAt(end))) end += 1;
  return end;
}

function skipString(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && text.charAt(end) !== '"') end += text.charAt(end) === '\\' ? 2 : 1;
  return end + 1;
}

function skipSpace(text: string, at: number): number {
  let end = at;
  while (end < text.length && ' \n\r\t'.includes(text.charAt(end))) end += 1;
  return end;
}
