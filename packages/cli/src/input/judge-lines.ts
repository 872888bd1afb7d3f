import { isJsonObject, own, type JsonValue } from '@callgate/canonical';

import type { CommandContext } from '../command.ts';
import { InputError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { answerLines, textOfLine } from './answer-lines.ts';
import type { InputLine } from './split-lines.ts';

/** A caller's own name for a line; null where it gives none that can be echoed. */
export type LineId = string | number | null;

/** What is wrong with a line. */
export interface MalformedLine {
  readonly id: LineId;
  /** Its number, from 1. */
  readonly line: number;
  readonly problem: string;
}

/** The answer to one line. */
export type LineAnswer<Judged> = { readonly id: LineId; readonly judged: Judged } | MalformedLine;

/** How the lines of a stream are read, judged and answered. */
export interface LineJudge<Read, Judged> {
  /** What is counted while it goes on: `calls decided`. */
  readonly unit: string;
  /** Parses the text of a line; throws {@link InputError} where it cannot. */
  parse(text: string): JsonValue;
  /** Reads what a line brings; throws {@link InputError} where it is not what is expected. */
  read(value: JsonValue): Read;
  judge(read: Read): Judged;
  /** Whether the answer is the one that exits with 0. */
  isFine(judged: Judged): boolean;
  /** The answer as it is printed. */
  show(answer: LineAnswer<Judged>): string;
  /** Set where lines that follow one another are judged together. */
  readonly group?: LineGroup<Read>;
}

/** Lines that are all read before the first of them is judged. */
export interface LineGroup<Read> {
  /** What the lines of a group have in common; undefined for a line that stands alone. */
  keyOf(read: Read): string | undefined;
  /** Is told of each line of a group before any of them is judged. */
  note(read: Read): void;
}

/** Bounds of what is held back for a group: lines, and code units of their texts. */
const MAX_HELD = 2_000;
const MAX_HELD_UNITS = 4 * 1_048_576;

/**
 * Judges standard input, one JSON object a line, and answers each line in its place: a malformed one is answered too and does not stop
 * the stream. Blank lines are skipped. Memory does not grow with the input.
 *
 * @returns `fine` where every line was judged and is fine, `findings` otherwise
 */
export async function judgeLines<Read, Judged>(
  context: CommandContext,
  judge: LineJudge<Read, Judged>,
): Promise<ExitCode> {
  let isAllFine = true;
  const held = new HeldLines(judge.group);
  const answer = (one: ReadLine<Read>): string => {
    const answered = 'read' in one ? { id: one.id, judged: judge.judge(one.read) } : one;
    if (!('judged' in answered) || !judge.isFine(answered.judged)) isAllFine = false;
    return judge.show(answered);
  };
  await answerLines(context, judge.unit, {
    answer(line) {
      const one = readLine(line, judge);
      return one === undefined ? [] : Array.from(held.push(one), answer);
    },
    end: () => held.end().map(answer),
  });
  return isAllFine ? EXIT.fine : EXIT.findings;
}

/** The id of a line, whatever else is wrong with it. */
export function lineId(line: JsonValue): LineId {
  const id = isJsonObject(line) ? own(line, 'id') : undefined;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

type ReadLine<Read> = { readonly id: LineId; readonly read: Read; readonly units: number } | MalformedLine;

/** What one line brings, undefined for a blank one. */
function readLine<Read>(
  line: InputLine,
  { parse, read }: Pick<LineJudge<Read, unknown>, 'parse' | 'read'>,
): ReadLine<Read> | undefined {
  const given = textOfLine(line);
  if ('problem' in given) return { id: null, line: line.number, problem: given.problem };
  if (given.text.trim() === '') return undefined;
  let id: LineId = null;
  try {
    const value = parse(given.text);
    id = lineId(value);
    return { id, read: read(value), units: given.text.length };
  } catch (error) {
    if (error instanceof InputError) return { id, line: line.number, problem: error.message };
    throw error;
  }
}

/** Holds lines back until their group is whole, or too large to be held. */
class HeldLines<Read> {
  readonly #group: LineGroup<Read> | undefined;
  #lines: ReadLine<Read>[] = [];
  #key: string | undefined;
  #units = 0;

  constructor(group: LineGroup<Read> | undefined) {
    this.#group = group;
  }

  /** Takes a line, and gives back those that are to be judged now, in order: what they are judged by changes in between. */
  *push(line: ReadLine<Read>): Generator<ReadLine<Read>> {
    if (this.#group === undefined) {
      yield line;
      return;
    }
    const isRead = 'read' in line;
    const key = isRead ? this.#group.keyOf(line.read) : this.#key;
    if (key !== this.#key) yield* this.end();
    if (isRead) this.#group.note(line.read);
    this.#key = key;
    this.#lines.push(line);
    this.#units += isRead ? line.units : 0;
    if (key === undefined || this.#lines.length >= MAX_HELD || this.#units >= MAX_HELD_UNITS) yield* this.end();
  }

  /** Gives back what is held. */
  end(): readonly ReadLine<Read>[] {
    const lines = this.#lines;
    this.#lines = [];
    this.#key = undefined;
    this.#units = 0;
    return lines;
  }
}
