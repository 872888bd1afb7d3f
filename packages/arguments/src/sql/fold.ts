/** Lower case for ASCII letters only: how databases fold names that are not quoted. */
export function foldAscii(text: string): string {
  return text.replace(/[A-Z]+/gu, (letters) => letters.toLowerCase());
}
