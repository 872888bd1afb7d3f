import {
  CallgateError,
  clonePlain,
  deepFreeze,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '@callgate/canonical';
import type { Direction, Principal } from '@callgate/policy';

import { GateError } from './errors.ts';

/** What an interceptor is shown. Frozen: changes are returned, never made in place. */
export interface Interception {
  /** The MCP method of the request (also in the response phase). */
  readonly event: string;
  readonly phase: 'request' | 'response';
  readonly direction: Direction;
  readonly server: string;
  readonly principal: Principal;
  readonly run: string | undefined;
  /** `params` in the request phase, `result` in the response phase. */
  readonly payload: JsonObject;
  /** Aborts when the interceptor's time is up. */
  readonly signal: AbortSignal;
}

export interface ValidationMessage {
  readonly path?: string;
  readonly message: string;
  readonly severity: 'info' | 'warn' | 'error';
}

export interface ValidationResult {
  readonly valid: boolean;
  /** Only `error` blocks. */
  readonly severity?: 'info' | 'warn' | 'error';
  readonly messages?: readonly ValidationMessage[];
}

export interface MutationResult {
  readonly modified: boolean;
  /** The whole new payload, where `modified`. */
  readonly payload?: JsonObject;
}

interface InterceptorBase {
  /** Unique within the gate; appears in records. */
  readonly name: string;
  /** Events are MCP methods, `*` for all. */
  readonly hooks: readonly { readonly events: readonly string[]; readonly phase: 'request' | 'response' }[];
  /** `audit` runs and reports, and never changes or blocks. Default `active`. */
  readonly mode?: 'active' | 'audit';
  /** Go ahead when this interceptor fails. Default false: a failing interceptor denies. */
  readonly failOpen?: boolean;
  /** Lower runs earlier, default 0; equal ones run in the order they were given. */
  readonly priorityHint?: number;
  /** Milliseconds before a slow interceptor has failed, default 5,000, at most 60,000. */
  readonly timeoutMs?: number;
}

/**
 * An extension point on the path of a message, in the vocabulary of the MCP interceptor proposal (SEP-2624).
 *
 * Sending: mutations, then policy and validations. Receiving: validations, then mutations. What a mutation returns is
 * decided again, and is what is recorded and sent.
 */
export type Interceptor =
  | (InterceptorBase & {
      readonly type: 'validation';
      intercept(interception: Interception): ValidationResult | Promise<ValidationResult>;
    })
  | (InterceptorBase & {
      readonly type: 'mutation';
      intercept(interception: Interception): MutationResult | Promise<MutationResult>;
    });

/** How a chain ended. */
export type ChainOutcome =
  | { readonly status: 'success'; readonly payload: JsonObject; readonly changedBy: readonly string[] }
  | { readonly status: 'refused'; readonly by: string; readonly reason: string }
  | { readonly status: 'failed'; readonly by: string; readonly cause: unknown };

const DEFAULT_TIMEOUT_MS = 5_000;
const MAX_TIMEOUT_MS = 60_000;

/** The compiled chains of a gate: looked up by type, phase and event. */
export class InterceptorChains {
  readonly #ordered: readonly Interceptor[];
  readonly #cache = new Map<string, readonly Interceptor[]>();

  /** @throws {GateError} `CALLGATE_GATE_OPTIONS` when an interceptor is malformed or a name repeats */
  constructor(interceptors: readonly Interceptor[]) {
    const names = new Set<string>();
    for (const interceptor of interceptors) {
      assertInterceptor(interceptor);
      if (names.has(interceptor.name)) throw invalidOption(`interceptor name \`${interceptor.name}\` repeats`);
      names.add(interceptor.name);
    }
    this.#ordered = interceptors.toSorted((a, b) => (a.priorityHint ?? 0) - (b.priorityHint ?? 0));
  }

  /** The interceptors of one type that hook `phase` of `event`; the same empty array where there are none. */
  select(type: Interceptor['type'], phase: 'request' | 'response', event: string): readonly Interceptor[] {
    if (this.#ordered.length === 0) return NONE;
    const key = `${type} ${phase} ${event}`;
    let chain = this.#cache.get(key);
    if (chain === undefined) {
      chain = this.#ordered.filter(
        (candidate) =>
          candidate.type === type &&
          candidate.hooks.some(
            (hook) => hook.phase === phase && (hook.events.includes('*') || hook.events.includes(event)),
          ),
      );
      // Methods are foreign text: the cache is bounded, and a miss only costs the filter.
      if (this.#cache.size < 1_000) this.#cache.set(key, chain);
    }
    return chain;
  }

  /** What a message of the server passes, in order: validations, then mutations (SEP-2624, receiving). */
  receiving(phase: 'request' | 'response', event: string): readonly Interceptor[] {
    return [...this.select('validation', phase, event), ...this.select('mutation', phase, event)];
  }
}

const NONE: readonly Interceptor[] = Object.freeze([]);

/**
 * Runs one chain in order. Synchronous while every interceptor is; a promise from the first one that waits.
 *
 * Never throws and never rejects: a failure is an outcome.
 */
export function runChain(
  chain: readonly Interceptor[],
  interception: Omit<Interception, 'signal'>,
): ChainOutcome | Promise<ChainOutcome> {
  return runFrom(chain, 0, interception, deepFreeze(interception.payload), []);
}

function runFrom(
  chain: readonly Interceptor[],
  start: number,
  interception: Omit<Interception, 'signal'>,
  initial: JsonObject,
  changedBy: string[],
): ChainOutcome | Promise<ChainOutcome> {
  let payload = initial;
  for (let index = start; index < chain.length; index += 1) {
    const interceptor = chain[index] as Interceptor;
    const controller = new AbortController();
    const finish = (answer: unknown): ChainOutcome | { readonly payload: JsonObject } =>
      apply(interceptor, answer, payload, changedBy);
    let answer: unknown;
    let isWaiting: boolean;
    try {
      answer = interceptor.intercept({ ...interception, payload, signal: controller.signal });
      isWaiting = isThenable(answer);
    } catch (cause) {
      const failed = fail(interceptor, cause);
      if (failed !== undefined) return failed;
      continue;
    }
    if (isWaiting) {
      return withTimeout(answer as PromiseLike<unknown>, interceptor.timeoutMs ?? DEFAULT_TIMEOUT_MS, controller)
        .then(finish, (cause: unknown) => fail(interceptor, cause) ?? { payload })
        .then((step) => ('status' in step ? step : runFrom(chain, index + 1, interception, step.payload, changedBy)));
    }
    const step = finish(answer);
    if ('status' in step) return step;
    payload = step.payload;
  }
  return { status: 'success', payload, changedBy };
}

/** What one answer means for the chain: it ends, or goes on with this payload. */
function apply(
  interceptor: Interceptor,
  answer: unknown,
  payload: JsonObject,
  changedBy: string[],
): ChainOutcome | { readonly payload: JsonObject } {
  try {
    if (interceptor.type === 'validation') return applyValidation(interceptor, answer as ValidationResult, payload);
    return applyMutation(interceptor, answer as MutationResult, payload, changedBy);
  } catch (cause) {
    return fail(interceptor, cause) ?? { payload };
  }
}

function applyValidation(
  interceptor: Interceptor,
  answer: ValidationResult,
  payload: JsonObject,
): ChainOutcome | { readonly payload: JsonObject } {
  if (typeof answer?.valid !== 'boolean') throw new TypeError('expected a validation result with a boolean `valid`');
  if (answer.valid || interceptor.mode === 'audit') return { payload };
  // SEP-2624: only severity `error` blocks; an invalid result that names none is an error.
  if ((answer.severity ?? 'error') !== 'error') return { payload };
  const text: unknown = answer.messages?.find((message) => message.severity === 'error')?.message;
  const reason = typeof text === 'string' ? text : 'refused';
  return { status: 'refused', by: interceptor.name, reason };
}

function applyMutation(
  interceptor: Interceptor,
  answer: MutationResult,
  payload: JsonObject,
  changedBy: string[],
): ChainOutcome | { readonly payload: JsonObject } {
  if (typeof answer?.modified !== 'boolean')
    throw new TypeError('expected a mutation result with a boolean `modified`');
  if (!answer.modified || interceptor.mode === 'audit') return { payload };
  const copy: JsonValue = clonePlain(answer.payload, {}, { dropUndefined: true });
  if (!isJsonObject(copy)) throw new TypeError('expected the mutated payload to be an object');
  changedBy.push(interceptor.name);
  return { payload: copy };
}

function fail(interceptor: Interceptor, cause: unknown): ChainOutcome | undefined {
  if (interceptor.failOpen === true || interceptor.mode === 'audit') return undefined;
  return { status: 'failed', by: interceptor.name, cause };
}

async function withTimeout(
  answer: PromiseLike<unknown>,
  timeoutMs: number,
  controller: AbortController,
): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const reason = new GateError('CALLGATE_ANOMALY', `interceptor took longer than ${timeoutMs} ms`);
      controller.abort(reason);
      reject(reason);
    }, timeoutMs);
  });
  try {
    return await Promise.race([answer, expiry]);
  } finally {
    clearTimeout(timer);
  }
}

/** Reading `then` may run foreign code. */
function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}

function assertInterceptor(interceptor: Interceptor): void {
  const { name, type, hooks, timeoutMs = DEFAULT_TIMEOUT_MS } = interceptor;
  if (typeof name !== 'string' || !/^[\w.:@/-]{1,128}$/u.test(name))
    throw invalidOption('interceptor: expected `name` to be 1 to 128 of A-Z a-z 0-9 _ . : @ / -');
  const types: readonly string[] = ['validation', 'mutation'];
  if (!types.includes(type)) throw invalidOption(`interceptor \`${name}\`: expected \`type\` validation or mutation`);
  // A hook that never matches is a check that never runs.
  if (!Array.isArray(hooks) || hooks.length === 0 || !hooks.every(isHook))
    throw invalidOption(
      `interceptor \`${name}\`: expected hooks with \`events\` (methods or \`*\`) and a \`phase\`, request or response`,
    );
  if (typeof interceptor.intercept !== 'function')
    throw invalidOption(`interceptor \`${name}\`: expected \`intercept\` to be a function`);
  if (!(timeoutMs > 0 && timeoutMs <= MAX_TIMEOUT_MS))
    throw invalidOption(`interceptor \`${name}\`: expected \`timeoutMs\` from 1 to ${MAX_TIMEOUT_MS}`);
}

function isHook(hook: unknown): boolean {
  if (typeof hook !== 'object' || hook === null) return false;
  const { events, phase } = hook as { readonly events?: unknown; readonly phase?: unknown };
  const isPhase = phase === 'request' || phase === 'response';
  return isPhase && Array.isArray(events) && events.length > 0 && events.every((event) => typeof event === 'string');
}

function invalidOption(message: string): GateError {
  return new GateError('CALLGATE_GATE_OPTIONS', message);
}

/** The class of an error for records and spans: a code or a class name, never its message. */
export function errorClass(cause: unknown): string {
  try {
    if (CallgateError.is(cause)) return cause.code;
    return cause instanceof Error ? cause.name.slice(0, 64) : typeof cause;
  } catch {
    // Names of foreign errors need not be strings, nor readable.
    return 'unknown';
  }
}
