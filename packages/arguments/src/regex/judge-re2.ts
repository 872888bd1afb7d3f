import { RE2JS } from 're2js';

import type { RegexFinding } from './problem.ts';
import type { RegexRules } from './rules.ts';
import { scanRe2 } from './scan-re2.ts';

/** Unicode classes in one pattern: each is hundreds of ranges. */
const MAX_UNICODE_CLASSES = 32;

/** What is wrong with a pattern for an engine of linear time. */
export function judgeRe2(pattern: string, rules: RegexRules): readonly RegexFinding[] {
  const { flags, isAnchored, foreign, unicodeClasses, copies } = scanRe2(pattern);
  if (foreign !== undefined) {
    return [
      { code: 'regex.construct', verdict: 'fail', got: `a pattern with ${foreign}`, hint: `leave out ${foreign}` },
    ];
  }
  if (unicodeClasses > MAX_UNICODE_CLASSES || copies > rules.maxSize) return [tooLarge()];
  const size = sizeOf(pattern);
  if (size === undefined) {
    return [
      {
        code: 'regex.syntax',
        verdict: 'error',
        got: 'a text that is no pattern in RE2 syntax',
        hint: 'write a pattern in RE2 syntax',
      },
    ];
  }
  const found: RegexFinding[] = [];
  if (size > rules.maxSize) found.push(tooLarge());
  if ([...flags].some((letter) => !(rules.flags as ReadonlySet<string>).has(letter))) {
    const names = [...rules.flags].map((letter) => `\`${letter}\``).join(', ');
    found.push({
      code: 'regex.flag',
      verdict: 'fail',
      got: 'a pattern with a flag that is not allowed',
      hint: names === '' ? 'set no flags' : `set no flags but ${names}`,
    });
  }
  if (rules.mustBeAnchored && !isAnchored) found.push(unanchored());
  return found;
}

export function tooLarge(): RegexFinding {
  return {
    code: 'regex.size',
    verdict: 'error',
    got: 'a pattern that is too large once repetition is written out',
    hint: 'use smaller counts and fewer parts',
  };
}

export function unanchored(): RegexFinding {
  return {
    code: 'regex.anchor',
    verdict: 'fail',
    got: 'a pattern that can match a part of the text',
    hint: 'put `^(?:` in front and `)$` behind',
  };
}

/** Steps of the compiled program; undefined where the pattern does not compile. The library bounds repetition and nesting itself. */
function sizeOf(pattern: string): number | undefined {
  try {
    return RE2JS.compile(pattern).programSize();
  } catch {
    return undefined;
  }
}
