import type { JsonValue } from '@callgate/canonical';

import { checkResult } from '../inspect/check-result.ts';
import type { ValueCheck, ValueFinding } from '../inspect/rules.ts';
import { StringWalk } from '../walk/string-walk.ts';
import { estimateTokens } from './estimate-tokens.ts';
import { isBinary, truncateTexts } from './truncate-texts.ts';

/** How much a tool's result may hold. */
export interface SizeRules {
  /** Estimated tokens of all text, names and structured content included; at least 1. */
  readonly maxTokens: number;
  /** What becomes of a larger one: its longest texts are cut and say so, or it is withheld. Default `quarantine`. */
  readonly over?: 'truncate' | 'quarantine' | 'reject';
}

/**
 * Checks the size of tools' results. Other messages pass. Where texts are cut they are inspected whole before, so that nothing which is cut in two goes
 * unseen; where cutting is not enough the result is quarantined.
 */
export function createSizeCheck({ maxTokens, over = 'quarantine' }: SizeRules): ValueCheck {
  const reason = `more than the ${maxTokens} tokens that policy accepts, by estimate`;
  const found = (treatment: ValueFinding['treatment']): ValueFinding => ({
    rule: 'size.tokens',
    severity: 'medium',
    pointer: '',
    reason,
    treatment,
  });
  const check: ValueCheck['check'] = (message, context, report) =>
    checkResult(message, context, report, (result, tell) => {
      if (tokensOf(result, maxTokens) > maxTokens) tell(found(over === 'truncate' ? 'redact' : over));
      return result;
    });
  if (over !== 'truncate') return Object.freeze({ kind: 'size', check });
  const finish: ValueCheck['check'] = (message, context, report) =>
    checkResult(message, context, report, (result, tell) => {
      const left = truncateTexts(result, maxTokens) ?? result;
      if (tokensOf(left, maxTokens) > maxTokens) tell(found('quarantine'));
      return left;
    });
  return Object.freeze({ kind: 'size', check, finish });
}

/** Estimated tokens of all text, names and structured content included, counted until there are more than `enough`. */
export function tokensOf(value: JsonValue, enough: number): number {
  const walk = new StringWalk(value);
  let tokens = 0;
  while (tokens <= enough && walk.next()) if (!isBinary(walk)) tokens += estimateTokens(walk.text);
  return tokens;
}
