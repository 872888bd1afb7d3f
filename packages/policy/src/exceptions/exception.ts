import type { Digest, Instant } from '@callgate/canonical';

import type { PolicyLocation, RuleReference } from '../decision.ts';
import type { ExceptionDocument } from '../document/types.ts';
import type { ObjectCheck } from '../envelope/value-check.ts';
import type { WhoCheck } from '../match/who.ts';

/** One exception, compiled. */
export interface CompiledException {
  readonly id: string;
  readonly document: ExceptionDocument;
  readonly created: Instant;
  readonly expires: Instant;
  /** How often it was renewed. */
  readonly renewals: number;
  readonly location: PolicyLocation | undefined;
}

/** A register of exceptions, ready to go with a policy. Immutable. */
export interface ExceptionRegister {
  /** The file it was read from, as the caller named it. */
  readonly file: string | null;
  /** The digest of the document. */
  readonly digest: Digest;
  /** Sorted by id. */
  readonly exceptions: readonly CompiledException[];
}

/** Whether an exception is in force: from `created` on, before `expires`. */
export function isInForce(exception: CompiledException, now: Instant): boolean {
  return exception.created <= now && now < exception.expires;
}

/** An exception with what `decide` needs besides the public face. */
export interface ExceptionRuntime extends CompiledException {
  readonly who: readonly WhoCheck[];
  readonly envelope: ObjectCheck | undefined;
  readonly waivedRules: ReadonlySet<string>;
  readonly waivesApproval: boolean;
  readonly references: readonly RuleReference[];
}
