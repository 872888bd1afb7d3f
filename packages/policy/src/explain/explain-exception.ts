import type { Instant } from '@callgate/canonical';

import type { PolicyRuntime } from '../compile/server-runtime.ts';
import type { Decision, PolicyLocation } from '../decision.ts';
import { acceptsObject } from '../envelope/value-check.ts';
import { isInForce, type ExceptionRuntime } from '../exceptions/exception.ts';
import { exceptionsFor } from './fix-exception.ts';
import type { JudgedCall } from './judged-call.ts';

/**
 * What an exception does for a call. `used`: without it the call would not pass as it does. `fits`: it applies, and was not needed.
 * Otherwise the first reason why it does not apply; `no-time`: the time of the call is not known.
 */
export type ExceptionState =
  | 'used'
  | 'fits'
  | 'expired'
  | 'not-yet'
  | 'no-time'
  | 'other-principal'
  | 'other-arguments';

/** An exception about the tool that is called. */
export interface ExplainedException {
  readonly id: string;
  readonly state: ExceptionState;
  readonly owner: string;
  readonly approver: string;
  readonly expires: Instant;
  readonly location?: PolicyLocation;
}

/** The exceptions about the tool that is called, by id. */
export function explainExceptions(
  policy: PolicyRuntime,
  judged: JudgedCall,
  decision: Decision,
): readonly ExplainedException[] {
  return exceptionsFor(policy, judged).map((exception) => {
    const { id, document, expires, location } = exception;
    const isUsed = decision.exceptions?.includes(id) === true;
    return Object.freeze({
      id,
      state: isUsed ? 'used' : stateOf(exception, judged),
      owner: document.owner,
      approver: document.approver,
      expires,
      ...(location === undefined ? {} : { location }),
    });
  });
}

function stateOf(exception: ExceptionRuntime, { args, isObject, input }: JudgedCall): ExceptionState {
  const { now, principal } = input;
  if (now === undefined) return 'no-time';
  if (!isInForce(exception, now)) return now < exception.created ? 'not-yet' : 'expired';
  if (exception.who.some((check) => check.test(principal) !== 'pass')) return 'other-principal';
  const isFitting = isObject && (exception.envelope === undefined || acceptsObject(exception.envelope, args));
  return isFitting ? 'fits' : 'other-arguments';
}
