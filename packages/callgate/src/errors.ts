import { CallgateError } from '@callgate/canonical';

/** Codes of the errors a gate throws at its host. Denials are not errors: they are answers. */
export type GateErrorCode =
  | 'CALLGATE_GATE_CLOSED'
  | 'CALLGATE_GATE_OPTIONS'
  | 'CALLGATE_POLICY_UNREADABLE'
  | 'CALLGATE_SERVER_REFUSED'
  | 'CALLGATE_TRANSPORT_SEALED'
  | 'CALLGATE_TRANSPORT_UNSEALABLE'
  | 'CALLGATE_MESSAGE_REFUSED'
  | 'CALLGATE_EGRESS_REFUSED'
  | 'CALLGATE_FETCH_REFUSED'
  | 'CALLGATE_ANOMALY';

/** Something the host did that a gate refuses, or that it must hear about. */
export class GateError extends CallgateError {
  readonly code: GateErrorCode;

  constructor(code: GateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
