import { createHistory } from '@callgate/breaker';
import { clonePlain, excerpt } from '@callgate/canonical';
import { createInspector, type Detector } from '@callgate/inspector';

import { GateError } from './errors.ts';
import type { HistoryOptions } from './history/history-options.ts';
import type { GateOptions, WrapOptions } from './options.ts';
import { assertQuarantineOptions } from './quarantine/quarantine-options.ts';
import { assertTraceOptions } from './trace/open-gate-trace.ts';
import type { TransportLike } from './transport/transport-shape.ts';

const GATE_OPTIONS: Record<keyof GateOptions, true> = {
  policy: true,
  ledger: true,
  lock: true,
  interceptors: true,
  onDeny: true,
  whenLedgerFails: true,
  trace: true,
  propagateTrace: true,
  messageLimits: true,
  maxOpenRequests: true,
  drainMs: true,
  maxInspectionMs: true,
  detectors: true,
  quarantine: true,
  history: true,
  random: true,
  clock: true,
  ids: true,
};

const WRAP_OPTIONS: Record<keyof WrapOptions, true> = { server: true, principal: true, run: true, identity: true };

/**
 * Checks what the types cannot promise. An unknown option is an error: a misspelt `ledger` would keep no record on disk.
 *
 * @throws {GateError} `CALLGATE_GATE_OPTIONS`
 */
export function assertGateOptions(options: GateOptions): void {
  if (!isObject(options)) throw invalid('options', 'an object with a `policy`');
  const unknown = unknownKey(options, GATE_OPTIONS);
  if (unknown !== undefined) throw new GateError('CALLGATE_GATE_OPTIONS', unknown);
  const {
    policy,
    maxOpenRequests = 1,
    drainMs = 0,
    maxInspectionMs = 1,
    onDeny = 'result',
    whenLedgerFails = 'deny',
  } = options;
  if (typeof policy?.servers?.get !== 'function') {
    throw invalid('policy', `a compiled policy (loadPolicy, parsePolicy, compilePolicy)${unawaited(policy)}`);
  }
  assertLock(options.lock);
  if (!Number.isSafeInteger(maxOpenRequests) || maxOpenRequests < 1)
    throw invalid('maxOpenRequests', 'a positive integer');
  assertDetectors(options.detectors);
  if (!(maxInspectionMs >= 1 && maxInspectionMs <= 600_000)) throw invalid('maxInspectionMs', 'from 1 to 600,000');
  if (!(drainMs >= 0 && drainMs <= 600_000)) throw invalid('drainMs', 'from 0 to 600,000');
  try {
    clonePlain({}, options.messageLimits);
  } catch (cause) {
    throw new GateError('CALLGATE_GATE_OPTIONS', 'messageLimits: expected positive integers within range', { cause });
  }
  if (onDeny !== 'result' && onDeny !== 'throw') throw invalid('onDeny', '`result` or `throw`');
  if (whenLedgerFails !== 'deny' && whenLedgerFails !== 'allow-reads')
    throw invalid('whenLedgerFails', '`deny` or `allow-reads`');
  if (options.trace !== undefined) assertTraceOptions(options.trace);
  if (options.history !== undefined) assertHistoryOptions(options.history);
  if (options.quarantine !== undefined) assertQuarantineOptions(options.quarantine);
}

const HISTORY_OPTIONS: Record<keyof HistoryOptions, true> = { keep: true, environment: true, limits: true };

function assertHistoryOptions(history: HistoryOptions): void {
  if (!isObject(history)) throw invalid('history', 'an object with `keep`, `environment` or `limits`');
  const unknown = unknownKey(history, HISTORY_OPTIONS);
  if (unknown !== undefined) throw new GateError('CALLGATE_GATE_OPTIONS', `history: ${unknown}`);
  for (const name of ['keep', 'environment'] as const) {
    const value: unknown = history[name];
    if (value !== undefined && (typeof value !== 'string' || value === ''))
      throw invalid(`history.${name}`, name === 'keep' ? 'a file, or `memory`' : 'a name');
  }
  try {
    createHistory({ limits: history.limits ?? {} });
  } catch (cause) {
    throw new GateError('CALLGATE_GATE_OPTIONS', `history.${(cause as Error).message}`, { cause });
  }
}

function assertLock(lock: GateOptions['lock']): void {
  if (lock === undefined || (Array.isArray(lock?.servers) && Array.isArray(lock?.revoked))) return;
  throw invalid('lock', `a lock (loadLock)${unawaited(lock)}`);
}

/** A detector with a keyword that is too short would be refused when the first message comes. */
function assertDetectors(detectors: GateOptions['detectors'] = []): void {
  if (!Array.isArray(detectors) || !detectors.every((detector) => typeof (detector as Detector)?.find === 'function'))
    throw invalid('detectors', 'a list of detectors, each with `find`');
  try {
    createInspector({ detectors });
  } catch (cause) {
    throw new GateError('CALLGATE_GATE_OPTIONS', `detectors: ${(cause as Error).message}`, { cause });
  }
}

/** @throws {TypeError} for options of `wrap` that it does not know, and without a server's name */
export function assertWrapOptions(options: WrapOptions): void {
  if (!isObject(options)) throw new TypeError('options: expected an object with `server`, the registered name');
  const unknown = unknownKey(options, WRAP_OPTIONS);
  if (unknown !== undefined) throw new TypeError(unknown);
  if (typeof options.server !== 'string' || options.server === '')
    throw new TypeError('server: expected the registered name');
}

/** @throws {TypeError} for what is no transport, naming the slips that are easy to make */
export function assertTransport(transport: TransportLike): void {
  const isTransport =
    isObject(transport) &&
    (['start', 'send', 'close'] as const).every((member) => typeof transport[member] === 'function');
  if (isTransport) return;
  throw new TypeError(
    `transport: expected a transport (\`start\`, \`send\`, \`close\`) or a function that returns one${unawaited(transport)}`,
  );
}

/** @throws {TypeError} for a call of `as` without a context or a body */
export function assertBody(context: { readonly run?: string }, body: () => unknown): void {
  if (!isObject(context) || typeof body !== 'function')
    throw new TypeError('body: expected as(principal, { run }, body), with a function as the body');
}

function unknownKey(options: object, known: Readonly<Record<string, true>>): string | undefined {
  const key = Object.keys(options).find((name) => !Object.hasOwn(known, name));
  if (key === undefined) return undefined;
  return `unknown option \`${excerpt(key)}\`, expected one of ${Object.keys(known).join(', ')}`;
}

function unawaited(value: unknown): string {
  return isObject(value) && 'then' in value ? ', got a promise: await it first' : '';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function invalid(option: string, expected: string): GateError {
  return new GateError('CALLGATE_GATE_OPTIONS', `${option}: expected ${expected}`);
}
