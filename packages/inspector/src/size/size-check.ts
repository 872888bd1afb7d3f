import type { JsonValue } from '@callgate/canonical';

import { checkResult } from '../inspect/check-result.ts';
import type { ValueCheck } from '../inspect/rules.ts';
import { StringWalk } from '../walk/string-walk.ts';
import { estimateTokens } from './estimate-tokens.ts';

/** How much a tool's result may hold. */
export interface SizeRules {
  /** Estimated tokens of all text, names and structured content included; at least 1. */
  readonly maxTokens: number;
}

const TOO_MANY = { rule: 'size.tokens', severity: 'medium', pointer: '', treatment: 'quarantine' } as const;

/** Members that hold base64 of pictures, sound and files: they are no text. */
const BINARY: ReadonlySet<string> = new Set(['data', 'blob']);

/** Checks the size of tools' results. Other messages pass. What is larger is quarantined. */
export function createSizeCheck({ maxTokens }: SizeRules): ValueCheck {
  const reason = `more than the ${maxTokens} tokens that policy accepts, by estimate`;
  return Object.freeze({
    kind: 'size',
    check: (message, context, report) =>
      checkResult(message, context, report, (result, tell) => {
        if (tokensOf(result, maxTokens) > maxTokens) tell({ ...TOO_MANY, reason });
        return result;
      }),
  } satisfies ValueCheck);
}

/** Estimated tokens of all text, names and structured content included, counted until there are more than `enough`. */
export function tokensOf(value: JsonValue, enough: number): number {
  const walk = new StringWalk(value);
  let tokens = 0;
  while (tokens <= enough && walk.next()) {
    const { field, holder, part, text } = walk;
    const isBinary = part === 'value' && field !== undefined && BINARY.has(field) && holder?.['mimeType'] !== undefined;
    if (!isBinary) tokens += estimateTokens(text);
  }
  return tokens;
}
