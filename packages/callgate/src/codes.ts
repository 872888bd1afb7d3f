import type { Decision, PolicyCode } from '@callgate/policy';

import type { QuarantineHandle } from './quarantine/quarantine-handle.ts';

/**
 * Why a message was refused: the policy's codes and the gate's own. Closed and documented in `docs/reference/codes.md`.
 */
export type GateCode =
  | PolicyCode
  /** The message is not plain JSON data, or is beyond its bounds. */
  | 'message.not_plain'
  /** Too many requests are open on this connection. */
  | 'protocol.too_many_requests'
  /** A resumption token that no governed call was given. */
  | 'protocol.resumption_unknown'
  /** Answers to input requests that no governed result asked for. */
  | 'protocol.input_unknown'
  /** A task that no governed call created. */
  | 'task.unknown'
  /** What is asked for is not what was approved in the lock, or was redefined within one listing. */
  | 'manifest.drifted'
  /** What is asked for is not in the lock. */
  | 'manifest.unlocked'
  /** What is asked for was revoked in the lock. */
  | 'manifest.revoked'
  /** The tool's definition was withheld: inspection found something in it. */
  | 'definition.poisoned'
  /** What would be sent holds a secret, and policy does not let it. */
  | 'arguments.secret'
  /** A validation interceptor refused. */
  | 'interceptor.refused'
  /** An interceptor threw, ran out of time or answered nonsense. */
  | 'interceptor.failed'
  /** The decision could not be recorded. */
  | 'audit.unavailable'
  /** The gate is closed. */
  | 'gate.closed'
  /** The call's hard deadline passed. */
  | 'deadline.exceeded'
  /** The answer does not have the shape its method promises. */
  | 'response.malformed'
  /** The answer is larger than policy accepts. */
  | 'response.too_large'
  /** The answer asks for input that policy does not grant. */
  | 'response.input_denied'
  /** A handle opens nothing for this call: it expired, was released, or was given to another run or principal. */
  | 'quarantine.unavailable'
  /** The answer was withheld because inspecting it failed or refused it. */
  | 'response.quarantined';

/** A decision of the policy or of the gate itself: the policy's shape with the gate's wider codes. */
export type Verdict = Omit<Decision, 'code' | 'wouldCode'> & {
  readonly code: GateCode;
  readonly wouldCode?: GateCode;
  /** What is kept of an answer that is withheld. */
  readonly quarantine?: QuarantineHandle;
};

/** Oddities on the wire: dropped or mended, recorded, and told to the host. Closed. */
export type AnomalyCode =
  | 'message.not_plain'
  | 'message.malformed'
  | 'message.batch'
  | 'response.unmatched'
  | 'response.forged'
  | 'response.late'
  | 'reply.unmatched'
  | 'cancel.unmatched'
  | 'progress.unmatched'
  | 'progress.flood'
  | 'notification.flood'
  | 'notification.too_large'
  | 'request.flood'
  | 'request.id_reused'
  | 'request.unexpected'
  | 'task.unknown'
  | 'denial.spoofed'
  | 'meta.stripped'
  | 'meta.pinned'
  | 'header.stripped'
  | 'definition.redefined'
  | 'definition.poisoned'
  | 'notification.inspected'
  | 'request.inspected'
  | 'inner.send_refused'
  | 'egress.refused'
  | 'quarantine.failed'
  | 'evaluation.error';
