import { InputError } from '../errors.ts';

/**
 * The words of a command line, with the quotes and backslashes of a POSIX shell and nothing else of it: no variables, no globs.
 *
 * @throws {InputError} when a quote is not closed
 */
export function splitWords(line: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (character === '\\' && quote !== "'") {
      at += 1;
      word = (word ?? '') + line.charAt(at);
    } else if (quote === '' && /\s/u.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (quote === '' && (character === '"' || character === "'")) {
      quote = character;
      word ??= '';
    } else if (character === quote) {
      quote = '';
    } else {
      word = (word ?? '') + character;
    }
  }
  if (quote !== '') throw new InputError(`expected a closing ${quote} in the command line`);
  return word === undefined ? words : [...words, word];
}
