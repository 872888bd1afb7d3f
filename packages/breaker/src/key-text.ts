/** Texts as one, so that different lists give different keys: each after its length. */
export function keyText(texts: readonly string[]): string {
  let key = '';
  for (const text of texts) key += `${text.length}:${text}`;
  return key;
}

/** The texts that {@link keyText} joined, or undefined where `key` is none of its. */
export function keyTexts(key: string): readonly string[] | undefined {
  const texts: string[] = [];
  let at = 0;
  while (at < key.length) {
    const colon = key.indexOf(':', at);
    const digits = key.slice(at, colon);
    if (colon === -1 || !/^(?:0|[1-9][0-9]{0,8})$/u.test(digits)) return undefined;
    const end = colon + 1 + Number(digits);
    if (end > key.length) return undefined;
    texts.push(key.slice(colon + 1, end));
    at = end;
  }
  return texts;
}
