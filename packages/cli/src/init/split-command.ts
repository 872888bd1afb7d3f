import { InputError } from '../errors.ts';

/** A word, or a part of one, of a command line: quoted text, an escaped character, or plain characters. */
const PART =
  /'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\.)*)"|\\(?<escaped>.)|(?<plain>[^\s'"\\|&;<>()$`]+)|(?<space>\s+)/suy;

/**
 * The words of a command line, by the quoting of a shell and nothing else of it: no variables, substitutions or operators.
 *
 * @throws {InputError} where it has any of these, an open quote, or no word
 */
export function splitCommand(line: string): readonly [command: string, ...args: string[]] {
  const words: string[] = [];
  let word: string | undefined;
  for (let at = 0; at < line.length; at = PART.lastIndex) {
    PART.lastIndex = at;
    const groups = PART.exec(line)?.groups;
    if (groups === undefined)
      throw new InputError(
        'expected `--server` to be a command and its arguments: quotes are read, nothing else of a shell',
      );
    const { single, double, escaped, plain, space } = groups;
    if (space === undefined) {
      word = `${word ?? ''}${single ?? double?.replaceAll(/\\(["\\$`])/gu, '$1') ?? escaped ?? plain ?? ''}`;
    } else if (word !== undefined) {
      words.push(word);
      word = undefined;
    }
  }
  const [command, ...args] = word === undefined ? words : [...words, word];
  if (command === undefined || command === '')
    throw new InputError('expected `--server` to be a command and its arguments');
  return [command, ...args];
}
