import type { JsonObject, JsonValue } from '@callgate/canonical';

import type { Verdict } from './codes.ts';
import type { QuarantineHandle } from './quarantine/quarantine-handle.ts';
import type { RequestId, WireError, WireResult } from './wire.ts';

/** The `_meta` key and error-data key under which a denial travels. Inbound messages are stripped of it. */
export const DECISION_META_KEY = 'callgate/decision';

/** Everything of ours in `_meta` and error data begins so. */
export const META_NAMESPACE = 'callgate/';

/**
 * JSON-RPC error code of a denial. Application codes should lie outside -32768…-32000 (MCP 2026-07-28, error codes), and
 * -32020 and -32042 would make SDKs act on it.
 */
export const DENIAL_ERROR_CODE = -31403;

/** The longest text a denial gives to a model, in UTF-16 code units. */
const MAX_TEXT_LENGTH = 1_500;

/** A denial as the client sees it, under `_meta["callgate/decision"]` or in the error's `data`. */
export interface Denial {
  readonly code: string;
  readonly message: string;
  readonly violations: readonly {
    readonly code: string;
    readonly pointer: string;
    readonly expected: string;
    readonly got: string;
  }[];
  readonly hints: readonly string[];
  readonly retryable: boolean;
  readonly next: string;
  /** Milliseconds until the same call could pass, where waiting helps. */
  readonly retryAfterMs?: number;
  /** The gate's id of the request, as in the ledger. */
  readonly request: string;
  /** Who may approve, on a hold. */
  readonly approvers?: readonly string[];
  /** What is kept of an answer that was withheld. */
  readonly quarantine?: QuarantineHandle;
}

/** The part of a verdict that may leave: no rule names, no lines, no policy text beyond what would pass. */
function denialOf(verdict: Verdict, request: string): Denial {
  return {
    code: verdict.code,
    message: verdict.message,
    violations: verdict.violations.map(({ code, pointer, expected, got }) => ({ code, pointer, expected, got })),
    hints: verdict.hints,
    retryable: verdict.retryable,
    next: verdict.next,
    ...(verdict.retryAfterMs === undefined ? {} : { retryAfterMs: verdict.retryAfterMs }),
    request,
    ...(verdict.approvers === undefined ? {} : { approvers: verdict.approvers }),
    ...(verdict.quarantine === undefined ? {} : { quarantine: verdict.quarantine }),
  };
}

const NEXT_WORDS: Readonly<Record<Verdict['next'], string>> = {
  fix_arguments: 'Correct the arguments and call again.',
  request_approval: 'A person has to approve this call first; do not repeat it unchanged.',
  wait: 'Wait before calling again.',
  use_other_tool: 'Use another tool.',
  stop: 'Do not retry this call.',
};

/** A hint that says how long to wait, and nothing else. */
const WAIT_HINT = /^wait [0-9]+ /u;

/** What to do next, and when. Rounded up: who comes back then is not refused again. */
function nextText({ next, retryAfterMs }: Verdict): string {
  if (retryAfterMs === undefined) return NEXT_WORDS[next];
  const seconds = Math.ceil(retryAfterMs / 1000);
  const wait = `${seconds} second${seconds === 1 ? '' : 's'}`;
  return next === 'wait'
    ? `Wait ${wait} before calling again.`
    : `${NEXT_WORDS[next]} After ${wait} the same call could pass.`;
}

/** One short paragraph for a model: what failed, what would pass, what to do next. */
function denialText(verdict: Verdict): string {
  const head = verdict.effect === 'hold' ? 'Held by policy' : 'Denied by policy';
  // The policy's own message may already say what would pass, and the last sentence how long to wait.
  const endsInWait = verdict.next === 'wait' && verdict.retryAfterMs !== undefined;
  const unsaid = verdict.hints.filter(
    (hint) => !verdict.message.includes(hint) && !(endsInWait && WAIT_HINT.test(hint)),
  );
  const hints = unsaid.length === 0 ? '' : ` To pass: ${unsaid.join('; ')}.`;
  const kept = verdict.quarantine === undefined ? '' : ` ${keptText(verdict.quarantine)}`;
  const text = `${head} (${verdict.code}): ${verdict.message}.${kept}${hints} ${nextText(verdict)}`;
  return text.length <= MAX_TEXT_LENGTH ? text : `${text.slice(0, MAX_TEXT_LENGTH)}…`;
}

/** The handle in words. What may be told of the content is plain by now: see `safeFields`. */
function keptText({ id, bytes, type, fields = {} }: QuarantineHandle): string {
  const told = Object.entries(fields).map(([pointer, value]) => `${pointer} is ${JSON.stringify(value)}`);
  const tells = told.length === 0 ? '' : `, of which ${told.join(', ')}`;
  return `It is kept as \`${id}\` (${type}, ${bytes} bytes)${tells}.`;
}

/** A denial as a tool's result with `isError`, which models read and adapt to (MCP, tools, error handling). */
export function denialResult(id: RequestId, verdict: Verdict, request: string, isModernRequest: boolean): WireResult {
  return {
    jsonrpc: '2.0',
    id,
    result: {
      content: [{ type: 'text', text: denialText(verdict) }],
      isError: true,
      // Without `structuredContent`: SDK v1 validates it against the output schema even on errors.
      // MCP 2026-07-28: every result has a `resultType`; SDK v2 refuses results without one.
      ...(isModernRequest ? { resultType: 'complete' } : {}),
      _meta: { [DECISION_META_KEY]: denialOf(verdict, request) as unknown as JsonObject },
    },
  };
}

/** A denial as a JSON-RPC error, for every method but plain `tools/call`. */
export function denialError(id: RequestId, verdict: Verdict, request: string): WireError {
  return {
    jsonrpc: '2.0',
    id,
    error: {
      code: DENIAL_ERROR_CODE,
      message: denialText(verdict),
      data: { [DECISION_META_KEY]: denialOf(verdict, request) as unknown as JsonValue },
    },
  };
}

/**
 * The denial that a result (`_meta`) or a thrown protocol error (`data`) carries, or undefined.
 *
 * A denial found here was made by the gate: inbound messages are stripped of the key, so that a server cannot forge one.
 */
export function readDenial(resultOrError: unknown): Denial | undefined {
  if (typeof resultOrError !== 'object' || resultOrError === null) return undefined;
  const { _meta: meta, data } = resultOrError as { readonly _meta?: unknown; readonly data?: unknown };
  for (const holder of [meta, data]) {
    if (typeof holder === 'object' && holder !== null && Object.hasOwn(holder, DECISION_META_KEY)) {
      return (holder as Record<string, unknown>)[DECISION_META_KEY] as Denial;
    }
  }
  return undefined;
}
