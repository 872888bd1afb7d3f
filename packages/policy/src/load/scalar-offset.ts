/**
 * Where in a YAML or JSON text one character of a scalar stands.
 *
 * Walks through the text and the value side by side: breaks of lines and indentation, which reading folds or strips, count as
 * one blank wherever the value has one. Linear in `offset`.
 *
 * @param start where the scalar begins: its quote, its block mark, or its first character
 * @param value what was read
 * @param offset of the character in `value`
 * @returns an offset into `text`; undefined where the two do not go together
 */
export function offsetInText(text: string, start: number, value: string, offset: number): number | undefined {
  const style = text[start];
  const isBlock = style === '|' || style === '>';
  let at = isBlock ? text.indexOf('\n', start) + 1 : style === '"' || style === "'" ? start + 1 : start;
  if (!isBlank(value[0])) at = afterBlanks(text, at);
  let index = 0;
  while (index < offset) {
    if (style === '"' && /^\\\r?\n/u.test(text.slice(at, at + 3))) {
      at = afterBlanks(text, at + 1);
      continue;
    }
    if (isBlank(value[index]) && isBlank(text[at])) {
      const next = afterBlanks(text, at);
      index = text.slice(at, next).includes('\n') ? afterBlanks(value, index) : index + next - at;
      at = next;
      continue;
    }
    const [width, units] = characterAt(text, at, style);
    if (width === 1 && text[at] !== value[index]) return undefined;
    at += width;
    index += units;
  }
  return at - Math.max(0, index - offset);
}

const ESCAPE_WIDTH: Readonly<Record<string, number>> = { x: 4, u: 6, U: 10 };

/** How much text one character takes, and how many code units it is in the value. */
function characterAt(text: string, at: number, style: string | undefined): readonly [width: number, units: number] {
  if (style === "'" && text[at] === "'" && text[at + 1] === "'") return [2, 1];
  if (style !== '"' || text[at] !== '\\') return [1, 1];
  const mark = text[at + 1] ?? '';
  const isAstral = mark === 'U' && Number.parseInt(text.slice(at + 2, at + 10), 16) > 0xff_ff;
  return [ESCAPE_WIDTH[mark] ?? 2, isAstral ? 2 : 1];
}

function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\n' || character === '\r' || character === '\t';
}

function afterBlanks(text: string, at: number): number {
  let next = at;
  while (isBlank(text[next])) next += 1;
  return next;
}
