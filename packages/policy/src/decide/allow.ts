import type { JsonObject } from '@callgate/canonical';

import type { Entry } from '../compile/entry.ts';
import type { Decision } from '../decision.ts';
import type { SummaryDocument } from '../document/types.ts';
import type { ObjectCheck } from '../envelope/value-check.ts';
import { compileSignature } from './summary.ts';

const NONE: readonly never[] = Object.freeze([]);
const MAX_KEPT = 64;

/**
 * Compiles the making of an entry's allows.
 *
 * An allow follows from the entry and the summary of the arguments alone, and is frozen. So the decision of an earlier call
 * with the same summary is given again; at most 64 are kept for each entry.
 */
export function compileAllow(
  entry: Omit<Entry, 'allow'>,
  envelope: ObjectCheck | undefined,
  summary: SummaryDocument | undefined,
): (args: JsonObject) => Decision {
  const signatureOf = summary === undefined ? compileSignature(envelope) : undefined;
  if (signatureOf === undefined) return (args) => allow(entry, args);
  const kept = new Map<number, Decision>();
  return (args) => {
    const signature = signatureOf(args);
    const earlier = kept.get(signature);
    if (earlier !== undefined) return earlier;
    const decision = allow(entry, args);
    if (signature !== -1 && kept.size < MAX_KEPT) kept.set(signature, decision);
    return decision;
  };
}

function allow(entry: Omit<Entry, 'allow'>, args: JsonObject): Decision {
  return Object.freeze({
    effect: 'allow',
    stage: entry.stage,
    code: 'allowed',
    message: entry.allowedMessage,
    determining: entry.references,
    violations: NONE,
    errors: NONE,
    hints: NONE,
    retryable: false,
    next: 'stop',
    ring: entry.ring,
    toolEffect: entry.toolEffect,
    obligations: entry.obligations,
    summary: entry.summarize(args),
  });
}
