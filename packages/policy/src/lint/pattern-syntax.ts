/** A pattern in RE2 syntax, as far as its anchors, classes and dots matter. */
export type PatternNode =
  /** One character as it stands, escaped or not. */
  | { readonly kind: 'literal'; readonly character: string; readonly isRepeated: boolean }
  /** `.` */
  | { readonly kind: 'any'; readonly isRepeated: boolean }
  /** `[…]` and `\d`; `text` is what stands between the brackets, empty for an escape. */
  | { readonly kind: 'class'; readonly text: string; readonly isRepeated: boolean }
  /** The very beginning or end of the text. */
  | { readonly kind: 'start' | 'end' }
  /** `\b`, and `^` and `$` where they stand for lines. */
  | { readonly kind: 'boundary' }
  | { readonly kind: 'group'; readonly alternatives: readonly PatternSequence[]; readonly isRepeated: boolean };

/** What stands between two `|`. */
export type PatternSequence = readonly PatternNode[];

/**
 * Reads a pattern that compiles. Lenient: of one that does not, the result means nothing.
 *
 * @param pattern at most 4,096 characters, as the policy's schema has it
 */
export function parsePattern(pattern: string): readonly PatternSequence[] {
  return new PatternReader(pattern).alternatives(false);
}

class PatternReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** @param isByLine whether `^` and `$` stand for the ends of lines; holds up to the end of the group */
  alternatives(isByLine: boolean): readonly PatternSequence[] {
    const alternatives: PatternSequence[] = [];
    let sequence: PatternNode[] = [];
    let byLine = isByLine;
    while (this.#at < this.#text.length && !this.#text.startsWith(')', this.#at)) {
      if (this.#take('|')) {
        alternatives.push(sequence);
        sequence = [];
        continue;
      }
      const flags = this.#match(/\(\?(?<on>[imsU]*)(?:-(?<off>[imsU]*))?\)/uy)?.groups;
      if (flags === undefined) sequence.push(...this.#atom(byLine));
      else byLine = (byLine || flags['on']?.includes('m') === true) && flags['off']?.includes('m') !== true;
    }
    return [...alternatives, sequence];
  }

  #atom(isByLine: boolean): readonly PatternNode[] {
    const quoted = this.#match(/\\Q(?<text>[\s\S]*?)(?:\\E|$)/uy)?.groups?.['text'];
    if (quoted !== undefined) return Array.from(quoted, (character) => literal(character));
    const node = this.#single(isByLine);
    const isRepeated = this.#match(/(?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})[?+]?/uy) !== null;
    return ['start', 'end', 'boundary'].includes(node.kind) ? [node] : [{ ...node, isRepeated } as PatternNode];
  }

  #single(isByLine: boolean): PatternNode {
    if (this.#take('^')) return { kind: isByLine ? 'boundary' : 'start' };
    if (this.#take('$')) return { kind: isByLine ? 'boundary' : 'end' };
    if (this.#take('.')) return { kind: 'any', isRepeated: false };
    const open = this.#match(/\((?:\?(?:P?<[^>]*>|(?<on>[imsU]*)(?:-(?<off>[imsU]*))?:))?/uy);
    if (open !== null) return this.#group(isByLine, open.groups);
    const members = this.#match(/\[(?<text>\^?\]?(?:\[:\^?[a-z]+:\]|\\[\s\S]|[^\]\\])*)\]/uy)?.groups?.['text'];
    if (members !== undefined) return { kind: 'class', text: members, isRepeated: false };
    return this.#escape() ?? literal(this.#character());
  }

  #group(isByLine: boolean, flags: Readonly<Record<string, string | undefined>> | undefined): PatternNode {
    const byLine = (isByLine || flags?.['on']?.includes('m') === true) && flags?.['off']?.includes('m') !== true;
    const alternatives = this.alternatives(byLine);
    this.#take(')');
    return { kind: 'group', alternatives, isRepeated: false };
  }

  #escape(): PatternNode | undefined {
    const escape = this.#match(/\\(?:[pP](?:\{[^}]*\}|.)|x(?:\{[^}]*\}|..)|[0-7]{1,3}|.)/suy)?.[0];
    if (escape === undefined) return undefined;
    if (escape === '\\A') return { kind: 'start' };
    if (escape === '\\z') return { kind: 'end' };
    if (/^\\[bB]$/u.test(escape)) return { kind: 'boundary' };
    if (/^\\[dDwWsSpPC]/u.test(escape)) return { kind: 'class', text: '', isRepeated: false };
    return literal(escape.length === 2 ? escape.slice(1) : ' ');
  }

  #character(): string {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    return character;
  }

  #take(character: string): boolean {
    const isThere = this.#text.startsWith(character, this.#at);
    if (isThere) this.#at += 1;
    return isThere;
  }

  /** @param pattern sticky */
  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match !== null) this.#at += match[0].length;
    return match;
  }
}

function literal(character: string): PatternNode {
  return { kind: 'literal', character, isRepeated: false };
}
