import { RE2JS } from 're2js';

/** A compiled pattern: whether it is found anywhere in the text. */
export type PatternTest = (text: string) => boolean;

/**
 * Compiles a pattern in RE2 syntax, which has no backreferences and no lookaround and always runs in time linear in the text.
 *
 * @throws {Error} from the engine, with the construct that it does not know
 */
export function compilePattern(pattern: string): PatternTest {
  const compiled = RE2JS.compile(pattern);
  return (text) => compiled.test(text);
}
