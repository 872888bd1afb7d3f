import { appendPointer } from '@callgate/canonical';

/** Where something stands in a text; line and column from 1, the column in UTF-16 code units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** What a walk through a JSON text found. */
export interface JsonPlaces {
  /** The offset at which each of the wanted values begins. */
  readonly offsets: ReadonlyMap<string, number>;
  /** Names that their object has already: where the second one stands, and the pointer to it. */
  readonly repeated: readonly { readonly pointer: string; readonly offset: number }[];
}

interface Level {
  /** Of the container. */
  readonly pointer: string;
  /** Undefined for a list. */
  readonly names: Set<string> | undefined;
  /** The member that the walk is at. */
  token: string | number;
}

const MAX_REPEATED = 100;
/** Deeper values are in nobody's document; their pointers are not made. */
const MAX_DEPTH = 200;

/**
 * Finds values and repeated names in a JSON text, down to 200 levels. Linear in the text.
 *
 * @param text well-formed JSON
 * @param wanted pointers to values
 */
export function findPlaces(text: string, wanted: ReadonlySet<string>): JsonPlaces {
  const offsets = new Map<string, number>();
  const repeated: { pointer: string; offset: number }[] = [];
  const open: Level[] = [];
  let isNameNext = false;
  const here = (): string => {
    const level = open.at(-1);
    return level === undefined || open.length > MAX_DEPTH ? '' : appendPointer(level.pointer, level.token);
  };
  const note = (offset: number): void => {
    if (wanted.size === 0 || open.length > MAX_DEPTH) return;
    const pointer = here();
    if (wanted.has(pointer)) offsets.set(pointer, offset);
  };
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    switch (character) {
      case '{':
      case '[': {
        note(at);
        const isObject = character === '{';
        open.push({ pointer: here(), names: isObject ? new Set() : undefined, token: isObject ? '' : 0 });
        isNameNext = isObject;
        break;
      }
      case '}':
      case ']':
        open.pop();
        break;
      case ',': {
        const level = open.at(-1);
        isNameNext = level?.names !== undefined;
        if (level !== undefined && typeof level.token === 'number') level.token += 1;
        break;
      }
      case '"': {
        const end = endOfString(text, at);
        const level = open.at(-1);
        if (isNameNext && level?.names !== undefined) {
          level.token = JSON.parse(text.slice(at, end + 1)) as string;
          if (level.names.has(level.token) && repeated.length < MAX_REPEATED)
            repeated.push({ pointer: here(), offset: at });
          level.names.add(level.token);
        } else {
          note(at);
        }
        isNameNext = false;
        at = end;
        break;
      }
      case ':':
      case ' ':
      case '\t':
      case '\n':
      case '\r':
        break;
      default:
        note(at);
        at = endOfLiteral(text, at);
    }
  }
  return { offsets, repeated };
}

/** The place of an offset. */
export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const lastBreak = before.lastIndexOf('\n');
  return { line: before.split('\n').length, column: offset - lastBreak };
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

/** The last character of a number, `true`, `false` or `null`. */
function endOfLiteral(text: string, start: number): number {
  let at = start;
  while (at + 1 < text.length && /[-+.0-9A-Za-z]/u.test(text.charAt(at + 1))) at += 1;
  return at;
}
