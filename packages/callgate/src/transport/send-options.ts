import { GateError } from '../errors.ts';
import type { SendOptions } from './transport-shape.ts';

/**
 * A private copy of what was passed to `send` beside the message. Every member is read once, now: a call may wait for an
 * interceptor or a disk before it leaves, and what the caller changes meanwhile must change nothing.
 *
 * @throws {GateError} `CALLGATE_MESSAGE_REFUSED` when a member has a type that no SDK gives it
 */
export function readSendOptions(given: unknown): SendOptions {
  if (given === undefined || given === null) return NO_OPTIONS;
  if (typeof given !== 'object') throw refused('options', 'an object');
  const { relatedRequestId, resumptionToken, onresumptiontoken, requestSignal, onRequestStreamEnd, headers } =
    given as Record<keyof SendOptions, unknown>;
  return {
    relatedRequestId: member('relatedRequestId', relatedRequestId, isId, 'a string or a number'),
    resumptionToken: member('resumptionToken', resumptionToken, isString, 'a string'),
    onresumptiontoken: member('onresumptiontoken', onresumptiontoken, isFunction, 'a function'),
    requestSignal: member('requestSignal', requestSignal, isSignal, 'an abort signal'),
    onRequestStreamEnd: member('onRequestStreamEnd', onRequestStreamEnd, isFunction, 'a function'),
    headers: copyOf(member('headers', headers, isRecord, 'an object')),
  };
}

const NO_OPTIONS: SendOptions = Object.freeze({});

function member<Type>(
  name: keyof SendOptions,
  value: unknown,
  isRight: (value: unknown) => value is Type,
  expected: string,
): Type | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isRight(value)) throw refused(name, expected);
  return value;
}

function refused(name: string, expected: string): GateError {
  return new GateError('CALLGATE_MESSAGE_REFUSED', `${name}: expected ${expected}`);
}

function copyOf(headers: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> | undefined {
  return headers === undefined ? undefined : { ...headers };
}

function isId(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

function isFunction(value: unknown): value is () => void {
  return typeof value === 'function';
}

function isRecord(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object';
}

/** By shape: hosts may have an `AbortSignal` of another realm. */
function isSignal(value: unknown): value is AbortSignal {
  return (
    typeof value === 'object' &&
    value !== null &&
    typeof (value as AbortSignal).aborted === 'boolean' &&
    typeof (value as AbortSignal).addEventListener === 'function' &&
    typeof (value as AbortSignal).removeEventListener === 'function'
  );
}
