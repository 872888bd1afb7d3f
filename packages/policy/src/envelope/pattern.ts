import { RE2JS } from 're2js';

/** A compiled pattern: whether it is found anywhere in the text. */
export type PatternTest = (text: string) => boolean;

/**
 * Compiles a pattern in RE2 syntax, which has no backreferences and no lookaround and always runs in time linear in the text.
 *
 * One of which it shows that it compiles is compiled when it is first asked: a policy may have thousands, at 30 µs each.
 *
 * @throws {Error} from the engine, with the construct that it does not know
 */
export function compilePattern(pattern: string): PatternTest {
  let compiled = isSurelySound(pattern) ? undefined : RE2JS.compile(pattern);
  return (text) => {
    compiled ??= RE2JS.compile(pattern);
    return compiled.test(text);
  };
}

// Characters that stand for themselves, escapes, and sets of them with the usual ranges; each at most once repeated.
const ATOM = String.raw`[A-Za-z0-9_ @/:,=#%&-]|\\[dDwWsS.+*?()/-]|\[\^?(?:a-z|A-Z|0-9|a-f|A-F|[A-Za-z0-9_ @/:,.=#%&]|\\[dws.])+-?\]|\.`;
const COUNT = String.raw`[*+?]|\{[0-9]{1,3}(?:,(?:[0-9]{1,3})?)?\}`;
const SOUND = new RegExp(String.raw`^\^?(?:(?:${ATOM})(?:${COUNT})?)*\$?$`, 'u');
const RANGE = /\{([0-9]+),([0-9]+)\}/gu;

/** Whether a pattern is of the few forms that most have and that every engine of this syntax takes. */
export function isSurelySound(pattern: string): boolean {
  if (!SOUND.test(pattern)) return false;
  for (const [, least, most] of pattern.matchAll(RANGE)) if (Number(least) > Number(most)) return false;
  return true;
}
