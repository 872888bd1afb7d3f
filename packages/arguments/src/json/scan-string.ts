const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A string of a JSON text: what it means, and where it ends. */
export interface ScannedString {
  readonly content: string;
  readonly end: number;
}

/** Reads the string whose opening quote is at `start`. */
export function readString(text: string, start: number): ScannedString | undefined {
  let hasEscape = false;
  for (let index = start + 1; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      const end = index + 1;
      const content = hasEscape ? unescaped(text.slice(start, end)) : text.slice(start + 1, index);
      return content === undefined ? undefined : { content, end };
    }
    if (code < 0x20) return undefined;
    if (code === BACKSLASH) {
      hasEscape = true;
      index += 1;
    }
  }
  return undefined;
}

function unescaped(quoted: string): string | undefined {
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}
