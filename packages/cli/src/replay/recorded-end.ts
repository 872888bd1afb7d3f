import { OUTCOMES, type OutcomeEntry } from '@callgate/audit';
import { canonicalize, clonePlain, digest, isDigest, isJsonObject, own, PlainDataError } from '@callgate/canonical';
import type { Digest, JsonObject, JsonValue } from '@callgate/canonical';
import type { TracedOutcome } from 'callgate';

import { InputError } from '../errors.ts';
import { readInstant } from '../input/read-instant.ts';

/** How a call ended, as its log says. */
export interface RecordedEnd {
  /** Whether the log says anything of it. */
  readonly isNoted: boolean;
  /** When; undefined where only its duration is known. */
  readonly at: number | undefined;
  readonly outcome: OutcomeEntry['outcome'];
  readonly code: string | null;
  readonly durationMs: number;
  /** The answer as it came; null where there was none. */
  readonly response: { readonly bytes: number; readonly digest: Digest } | null;
  /** Labels that inspection found. */
  readonly found: readonly string[];
  /** The result as the client got it, where it is known. */
  readonly result: JsonObject | undefined;
  /** The error as the client got it, where it is known. */
  readonly error: JsonObject | undefined;
}

/** What a line of a log may say of how its call ended. */
export const END_KEYS: readonly string[] = [
  'outcome',
  'code',
  'durationMs',
  'endedAt',
  'response',
  'found',
  'result',
  'error',
];

/** How a traced call ended. What is read of its answer is read when it is asked for: most policies do not. */
export function tracedEnd({ at, outcome, code, durationMs, response, found, answer }: TracedOutcome): RecordedEnd {
  return {
    isNoted: true,
    at,
    outcome: OUTCOMES.includes(outcome) ? outcome : 'unknown',
    code,
    durationMs,
    response,
    found,
    get result() {
      return answer === null || !('result' in answer) ? undefined : plainObject(answer.result);
    },
    get error() {
      return answer === null || !('error' in answer) ? undefined : plainObject(answer.error);
    },
  };
}

/** Whoever has the public key can make a trace: its answers are as foreign as any. */
function plainObject(answer: JsonObject): JsonObject | undefined {
  try {
    const plain = clonePlain(answer);
    return isJsonObject(plain) ? plain : undefined;
  } catch (error) {
    if (!(error instanceof PlainDataError)) throw error;
    return undefined;
  }
}

/**
 * How the call of a line ended. A line that does not say is one of a call that succeeded, with nothing in its result.
 *
 * @param line frozen plain data
 * @throws {InputError} naming the place and what was expected there
 */
export function readEnd(line: JsonObject): RecordedEnd {
  const result = resultOf(own(line, 'result'));
  const error = own(line, 'error') ?? null;
  const durationMs = own(line, 'durationMs') ?? 0;
  if (typeof durationMs !== 'number' || durationMs < 0) throw expected('/durationMs', 'a number from 0');
  return {
    isNoted: END_KEYS.some((key) => Object.hasOwn(line, key)),
    at: readInstant(own(line, 'endedAt'), '/endedAt'),
    outcome: readOutcome(own(line, 'outcome')) ?? outcomeOf(result, error),
    code: readCode(own(line, 'code')) ?? codeOf(error),
    durationMs,
    ...responseOf(own(line, 'response'), result ?? error),
    found: readFound(own(line, 'found')),
    result,
    error: isJsonObject(error) ? error : typeof error === 'string' ? { message: error } : undefined,
  };
}

/** A result of MCP as it is; any other value as the text or structure that it is. */
function resultOf(value: JsonValue | undefined): JsonObject | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isJsonObject(value)) return { content: [{ type: 'text', text: textOf(value) }] };
  const isResult = ['content', 'structuredContent', 'isError', '_meta', 'toolResult'].some((key) =>
    Object.hasOwn(value, key),
  );
  return isResult ? value : { content: [], structuredContent: value };
}

function textOf(value: JsonValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function outcomeOf(result: JsonObject | undefined, error: JsonValue): RecordedEnd['outcome'] {
  if (error !== null) return 'protocol_error';
  return result !== undefined && own(result, 'isError') === true ? 'tool_error' : 'ok';
}

/** As the gate names the error of an answer. */
function codeOf(error: JsonValue): string | null {
  const code = isJsonObject(error) ? own(error, 'code') : undefined;
  return typeof code === 'number' ? `jsonrpc.${code}` : null;
}

function readOutcome(value: JsonValue | undefined): RecordedEnd['outcome'] | undefined {
  if (value === undefined || value === null) return undefined;
  const known = OUTCOMES.find((outcome) => outcome === value);
  if (known === undefined) throw expected('/outcome', `one of ${OUTCOMES.map((name) => `\`${name}\``).join(', ')}`);
  return known;
}

function readCode(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') throw expected('/code', 'a string');
  return value;
}

function readFound(value: JsonValue | undefined): readonly string[] {
  if (value === undefined) return [];
  if (!Array.isArray(value) || !value.every((label) => typeof label === 'string'))
    throw expected('/found', 'an array of strings');
  return value;
}

/** As noted, or else as the answer is: measured when it is asked for. */
function responseOf(value: JsonValue | undefined, answer: JsonValue): Pick<RecordedEnd, 'response'> {
  if (value === undefined || value === null) {
    return {
      get response() {
        if (answer === null) return null;
        const text = canonicalize(answer);
        return { bytes: Buffer.byteLength(text), digest: digest(text) };
      },
    };
  }
  const bytes = isJsonObject(value) ? own(value, 'bytes') : undefined;
  const digested = isJsonObject(value) ? own(value, 'digest') : undefined;
  if (typeof bytes !== 'number' || bytes < 0 || !isDigest(digested))
    throw expected('/response', 'an object with `bytes` and `digest`');
  return { response: { bytes, digest: digested } };
}

function expected(pointer: string, what: string): InputError {
  return new InputError(`expected ${what} at \`${pointer}\``);
}
