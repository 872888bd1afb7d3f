/**
 * Controls, format characters (bidirectional overrides, zero-width), line separators, lone surrogates and unassigned
 * private use: what can move the cursor, reorder a line or hide in it.
 */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu;

/** Foreign text made safe for a terminal line: what does not print is shown as `\u{…}`, long text is cut. */
export function printable(text: string, maxLength = 200): string {
  const cut = text.length > maxLength ? `${text.slice(0, maxLength)}…` : text;
  return cut.replaceAll(UNPRINTABLE, escapeCharacter);
}

function escapeCharacter(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/**
 * JSON text for a terminal: the same JSON, with unprintable characters as escapes. Output that is not for a terminal
 * stays byte for byte what it is.
 */
export function printableJson(json: string, isTerminal: boolean): string {
  return isTerminal ? json.replaceAll(UNPRINTABLE, escapeInJson) : json;
}

function escapeInJson(character: string): string {
  if (character === '\n') return character;
  return Array.from({ length: character.length }, (_, index) => {
    const unit = character.charCodeAt(index);
    return `\\u${unit.toString(16).padStart(4, '0')}`;
  }).join('');
}
