/**
 * Whether an object of a JSON text has a name twice. `JSON.parse` keeps the last of the values; other parsers keep the first,
 * so a decision on one of them says nothing about the other. Linear in the text.
 *
 * @param text well-formed JSON
 * @param maxDepth levels that what `JSON.parse` kept of the text has at most; what is deeper was in a value it dropped
 */
export function hasRepeatedName(text: string, maxDepth: number): boolean {
  /** The names so far of each open object; undefined for an array. */
  const open: (Set<string> | undefined)[] = [];
  let isNameNext = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    switch (character) {
      case '{':
      case '[':
        if (open.length >= maxDepth) return true;
        isNameNext = character === '{';
        open.push(isNameNext ? new Set() : undefined);
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case ',':
        isNameNext = open.at(-1) !== undefined;
        break;
      case '"': {
        const end = endOfString(text, at);
        const names = open.at(-1);
        if (isNameNext && names !== undefined) {
          const name = JSON.parse(text.slice(at, end + 1)) as string;
          if (names.has(name)) return true;
          names.add(name);
        }
        isNameNext = false;
        at = end;
      }
    }
  }
  return false;
}

/** Where the closing quote of the string that begins at `start` is. */
function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}
