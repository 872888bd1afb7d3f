import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import type { Call, CompiledPolicy, Effect } from '@callgate/policy';
import type { TracedCall } from 'callgate';

import { InputError } from '../errors.ts';
import { lineId } from '../input/judge-lines.ts';
import { readInstant } from '../input/read-instant.ts';
import { readCall } from '../input/read-call.ts';
import { END_KEYS, readEnd, type RecordedEnd } from './recorded-end.ts';

/** A decision as it was, as far as a replay compares it. */
export interface EarlierDecision {
  readonly effect: Effect;
  /** What enforcement would have done, where that is something else. */
  readonly would: Effect | null;
  /** Null where nobody noted it. */
  readonly code: string | null;
  readonly wouldCode: string | null;
  readonly digest: string | null;
}

/** A call to decide again. */
export interface ReplayCall {
  readonly id: string | number | null;
  readonly call: Call;
  /** Whether the call does not say who its server was, so that each policy's own word is taken for it. */
  readonly isIdentityAssumed: boolean;
  /** Labels of content from quarantine among its arguments. */
  readonly carries: readonly string[];
  /** When it was decided. */
  readonly at: number | undefined;
  /** Null where nobody noted what was decided. */
  readonly earlier: EarlierDecision | null;
  /** Why the gate refused it although the policy did not; null where it did not refuse so. */
  readonly refused: string | null;
  /** How it ended; `later`: the log says so further on; `never`: nothing tells, it was over when it was decided. */
  readonly end: RecordedEnd | 'later' | 'never';
}

/** What a line of a log may say beside the call. */
const LOG_KEYS: ReadonlySet<string> = new Set(['at', 'decision', 'carries', ...END_KEYS]);

const EFFECTS: readonly Effect[] = ['allow', 'deny', 'hold'];
const DECISION_TEXTS = ['code', 'wouldCode', 'digest'] as const;

/**
 * Reads a line of a log: a call as `callgate decide` takes it, with `at`, `decision` and how it ended.
 *
 * @param value frozen plain data
 * @throws {InputError} as `readCall` does
 */
export function readLoggedCall(value: JsonValue, policy: CompiledPolicy): ReplayCall {
  const call = readCall(value, policy, LOG_KEYS);
  const line = value as JsonObject;
  return {
    id: lineId(value),
    call,
    isIdentityAssumed: !Object.hasOwn(line, 'identity'),
    carries: readLabels(own(line, 'carries')),
    at: readInstant(own(line, 'at'), '/at'),
    earlier: readDecision(own(line, 'decision')),
    refused: null,
    end: readEnd(line),
  };
}

function readLabels(value: JsonValue | undefined): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((label) => typeof label === 'string')) return value;
  throw new InputError('expected an array of labels at `/carries`');
}

/**
 * A call of a trace, as it was decided on.
 *
 * @param params those of the record, frozen
 */
export function tracedCall(record: TracedCall, params: JsonObject): ReplayCall {
  const { server, identity, direction, method, principal, run, parents, decision } = record;
  return {
    id: record.request,
    call: {
      server,
      direction,
      method,
      params,
      principal,
      ...(identity === null ? {} : { identity }),
      ...(run === null ? {} : { run }),
      ...(parents.length === 0 ? {} : { parents }),
    },
    isIdentityAssumed: false,
    carries: record.carries,
    at: record.at,
    earlier: decision,
    refused: decision?.effect === 'allow' && record.verdict.effect !== 'allow' ? record.verdict.code : null,
    end: record.message === 'request' && direction === 'client-to-server' ? 'later' : 'never',
  };
}

/** The call as `policy` is asked about it. */
export function callFor({ call, isIdentityAssumed }: ReplayCall, policy: CompiledPolicy): Call {
  if (!isIdentityAssumed) return call;
  const identity = policy.servers.get(call.server)?.identity ?? undefined;
  if (identity === call.identity) return call;
  const { identity: _, ...rest } = call;
  return identity === undefined ? rest : { ...rest, identity };
}

function readDecision(value: JsonValue | undefined): EarlierDecision | null {
  if (value === undefined || value === null) return null;
  if (!isJsonObject(value)) throw new InputError('expected an object at `/decision`');
  const effect = readEffect(value, 'effect');
  if (effect === null) throw new InputError('expected `allow`, `deny` or `hold` at `/decision/effect`');
  const [code, wouldCode, digest] = DECISION_TEXTS.map((key) => readText(value, key));
  return {
    effect,
    would: readEffect(value, 'would'),
    code: code ?? null,
    wouldCode: wouldCode ?? null,
    digest: digest ?? null,
  };
}

function readEffect(value: JsonObject, key: string): Effect | null {
  const given = own(value, key) ?? null;
  if (given === null) return null;
  const effect = EFFECTS.find((name) => name === given);
  if (effect === undefined) throw new InputError(`expected \`allow\`, \`deny\` or \`hold\` at \`/decision/${key}\``);
  return effect;
}

function readText(value: JsonObject, key: string): string | null {
  const given = own(value, key) ?? null;
  if (given !== null && typeof given !== 'string') throw new InputError(`expected a string at \`/decision/${key}\``);
  return given;
}
