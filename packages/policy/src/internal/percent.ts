/** Decodes `%00` to `%7F` once; other bytes cannot spell a separator, a dot or a letter of ASCII. */
export function decodeAscii(text: string): string {
  return text.replaceAll(/%[0-7][0-9A-Fa-f]/gu, (escape) => String.fromCharCode(Number.parseInt(escape.slice(1), 16)));
}
