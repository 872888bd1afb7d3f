import { printable } from './printable.ts';

const MAX_LENGTH = 80;

/** Letters, digits and what means nothing to Mermaid wherever it stands. */
const PLAIN = /[^\p{L}\p{M}\p{N} ._,/()…·-]/gu;

/**
 * Foreign text within a line of a Mermaid diagram: everything that could end the text, begin a statement, a comment or markup is an
 * entity code, as `#59;` for a semicolon.
 *
 * @see https://mermaid.js.org/syntax/sequenceDiagram.html#entity-codes-to-escape-characters
 */
export function mermaidText(text: string): string {
  return printable(text, MAX_LENGTH).replaceAll(PLAIN, (character) => `#${character.codePointAt(0) ?? 0};`);
}
