import type { Instant, JsonObject, JsonValue } from '@callgate/canonical';
import { isJsonObject } from '@callgate/canonical';

import type { Principal } from '../call.ts';
import { acceptsObject } from '../envelope/value-check.ts';
import { isInForce, type ExceptionRuntime } from './exception.ts';
import type { RegisterRuntime } from './register.ts';

/** What the exceptions in force lift for one call. Undefined members lift nothing. */
export interface Relief {
  /** The exception whose envelope accepts the arguments. */
  readonly envelope: ExceptionRuntime | undefined;
  readonly approval: ExceptionRuntime | undefined;
  /** The exception that waives a rule. */
  ofRule(id: string): ExceptionRuntime | undefined;
}

/**
 * What the exceptions for a tool lift for a call; undefined where none is about it. One that cannot be evaluated, that is not in
 * force, or whose own envelope the arguments do not fit, lifts nothing.
 */
export function reliefFor(
  register: RegisterRuntime | undefined,
  call: {
    readonly server: string;
    readonly tool: string;
    readonly args: JsonValue | undefined;
    readonly principal: Principal;
    readonly now: Instant | undefined;
  },
): Relief | undefined {
  const { args, now } = call;
  if (register === undefined || now === undefined) return undefined;
  const object = args === undefined ? {} : args;
  if (!isJsonObject(object)) return undefined;
  const fitting = register
    .of(call.server, call.tool)
    .filter((exception) => isInForce(exception, now) && fits(exception, call.principal, object));
  if (fitting.length === 0) return undefined;
  return {
    envelope: fitting.find((exception) => exception.envelope !== undefined),
    approval: fitting.find((exception) => exception.waivesApproval),
    ofRule: (id) => fitting.find((exception) => exception.waivedRules.has(id)),
  };
}

function fits(exception: ExceptionRuntime, principal: Principal, args: JsonObject): boolean {
  if (!exception.who.every((check) => check.test(principal) === 'pass')) return false;
  try {
    return exception.envelope === undefined || acceptsObject(exception.envelope, args);
  } catch {
    return false;
  }
}
