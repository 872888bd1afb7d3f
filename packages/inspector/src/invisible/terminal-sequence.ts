/** An escape sequence of a terminal: ECMA-48 control sequences and strings, and those of xterm. */
export interface TerminalSequence {
  readonly end: number;
  /** Whether it draws colours and moves the cursor, or carries text: a link, a title, the clipboard. */
  readonly kind: 'control' | 'string';
  /** The text that a string carries. */
  readonly body?: readonly [start: number, end: number];
  /** Parameters of a control sequence that sets how text looks. */
  readonly style?: string;
}

const ESCAPE = 0x1b;
const BELL = 0x07;
const STRING_TERMINATOR = 0x9c;

/** C1 controls that open a sequence, with the byte that stands behind ESC in their other form (ECMA-48 §5.3). */
const OPENERS: ReadonlyMap<number, string> = new Map([
  [0x90, 'P'],
  [0x98, 'X'],
  [0x9b, '['],
  [0x9d, ']'],
  [0x9e, '^'],
  [0x9f, '_'],
]);

const CONTROL_SEQUENCE = /[0-?]*[ -/]*[@-~]?/uy;
const SHORT_SEQUENCE = /[ -/]*[0-~]?/uy;

/** The sequence that begins at `start`; undefined where there is none. */
export function terminalSequence(text: string, start: number): TerminalSequence | undefined {
  const code = text.charCodeAt(start);
  const isEscape = code === ESCAPE;
  const opener = isEscape ? text.charAt(start + 1) : OPENERS.get(code);
  if (opener === undefined) return undefined;
  const at = start + (isEscape ? 2 : 1);
  if (opener === '[') return controlSequence(text, at);
  if (opener !== '' && 'PX]^_'.includes(opener)) return stringSequence(text, at);
  return { end: matchEnd(SHORT_SEQUENCE, text, start + 1), kind: 'control' };
}

function controlSequence(text: string, at: number): TerminalSequence {
  const end = matchEnd(CONTROL_SEQUENCE, text, at);
  return text.charAt(end - 1) === 'm'
    ? { end, kind: 'control', style: text.slice(at, end - 1) }
    : { end, kind: 'control' };
}

/** A string ends with ST or BEL. Where another control comes first it is none, and only its opening goes. */
function stringSequence(text: string, at: number): TerminalSequence {
  let end = at;
  while (end < text.length && !isControl(text.charCodeAt(end))) end += 1;
  const code = text.charCodeAt(end);
  if (code === BELL || code === STRING_TERMINATOR) return { end: end + 1, kind: 'string', body: [at, end] };
  if (code === ESCAPE && text.charAt(end + 1) === '\\') return { end: end + 2, kind: 'string', body: [at, end] };
  return { end: at, kind: 'control' };
}

function isControl(code: number): boolean {
  return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return at + (pattern.exec(text)?.[0].length ?? 0);
}

/** Whether a style conceals the text behind it: SGR 8, or letters of the colour of their ground. */
export function isConcealing(style: string): boolean {
  const codes = style.split(';').slice(0, 16);
  const ink = codes.find((code) => /^[39][0-7]$/u.test(code));
  const ground = codes.find((code) => /^(?:4|10)[0-7]$/u.test(code));
  return codes.includes('8') || (ink !== undefined && ground !== undefined && ink.at(-1) === ground.at(-1));
}
