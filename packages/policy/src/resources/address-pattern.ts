const AROUND_ADDRESSES = /[\s"'`<>(),;:[\]{}|\\]+/u;

/** The e-mail addresses that a text may name, in lower case. */
export function addressesIn(text: string): readonly string[] {
  return text
    .toLowerCase()
    .split(AROUND_ADDRESSES)
    .filter((piece) => piece.includes('@') && piece.length <= 512);
}
