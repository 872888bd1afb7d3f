import { endsAnchored, startsAnchored, whyBacktracking } from './backtracking.ts';
import { expand, sizeOf } from './expand-pattern.ts';
import { tooLarge, unanchored } from './judge-re2.ts';
import { parseEcmascript } from './parse-ecmascript.ts';
import { PatternError, type PatternNode } from './pattern.ts';
import type { RegexFinding } from './problem.ts';
import type { RegexRules } from './rules.ts';

/** Characters of a pattern for a backtracking engine, whatever `maxSize` says: looking at them takes time that grows faster. */
const MAX_POSITIONS = 1000;

/** What is wrong with a pattern for a backtracking engine. */
export function judgeEcmascript(pattern: string, rules: RegexRules): readonly RegexFinding[] {
  let parsed: PatternNode;
  try {
    parsed = parseEcmascript(pattern);
  } catch (error) {
    return [refused(error)];
  }
  if (sizeOf(parsed) > Math.min(rules.maxSize, MAX_POSITIONS)) return [tooLarge()];
  const node = expand(parsed);
  const isAnchored = !rules.multiline && startsAnchored(node);
  const why = whyBacktracking(node, !isAnchored);
  const found: RegexFinding[] = [];
  if (why !== undefined) {
    found.push({
      code: 'regex.backtracking',
      verdict: 'fail',
      got: why,
      hint: 'start with `^`, give each repetition its own characters with a fixed character between, and nest none',
    });
  }
  if (rules.mustBeAnchored && !(isAnchored && endsAnchored(node))) found.push(unanchored());
  return found;
}

function refused(error: unknown): RegexFinding {
  if (error instanceof PatternError && error.isForeign) {
    return { code: 'regex.construct', verdict: 'fail', got: error.message, hint: 'leave it out' };
  }
  return {
    code: 'regex.syntax',
    verdict: 'error',
    got: error instanceof PatternError ? error.message : 'a text that cannot be read as a pattern',
    hint: 'write a plain pattern that means the same with and without the flag `u`',
  };
}
