import { CallgateError } from '@callgate/canonical';

/** Codes of the errors of policy bundles, their keys, sources and state. Documented in `docs/reference/bundles.md`. */
export type BundleErrorCode =
  | 'CALLGATE_BUNDLE_KEY_INVALID'
  | 'CALLGATE_BUNDLE_FORMAT'
  | 'CALLGATE_BUNDLE_TOO_LARGE'
  | 'CALLGATE_BUNDLE_SIGNATURE'
  | 'CALLGATE_BUNDLE_OTHER_NAME'
  | 'CALLGATE_BUNDLE_NOT_YET'
  | 'CALLGATE_BUNDLE_EXPIRED'
  | 'CALLGATE_BUNDLE_ROLLED_BACK'
  | 'CALLGATE_BUNDLE_EQUIVOCATED'
  | 'CALLGATE_BUNDLE_SOURCE_REFUSED'
  | 'CALLGATE_BUNDLE_UNAVAILABLE'
  | 'CALLGATE_BUNDLE_STATE';

/** A policy bundle, or what it takes to get, sign or accept one, is not what was expected. No message holds a key or a policy. */
export class BundleError extends CallgateError {
  readonly code: BundleErrorCode;

  constructor(code: BundleErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
