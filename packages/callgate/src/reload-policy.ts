import { CallgateError, canonicalize, type JsonObject, type JsonValue } from '@callgate/canonical';
import { diffPolicies, type CompiledPolicy, type PolicyDiff } from '@callgate/policy';

import type { GateCore } from './core.ts';

/** How a policy is put in place of the one in force. */
export interface ReloadOptions {
  /**
   * Takes a policy that lets pass what the one in force does not, or of which that cannot be ruled out. Default: false. Whoever sets
   * it has looked at the difference, or does so when asked: only `true` accepts, and what is thrown comes out of the reload, with
   * nothing changed.
   */
  readonly acceptWidening?: boolean | ((change: PolicyWidening) => boolean);
}

/** What somebody is asked to accept. */
export interface PolicyWidening {
  /** How the new policy differs from the one in force. */
  readonly diff: PolicyDiff;
  /** Ids of exceptions that are new or changed: each widens. */
  readonly exceptions: readonly string[];
}

/** What became of a reload. */
export interface ReloadResult {
  readonly applied: boolean;
  /** How the new policy differs from the one that was in force. */
  readonly diff: PolicyDiff;
  /** Ids of exceptions that are new or changed: each widens. */
  readonly exceptions: readonly string[];
}

/**
 * Puts a policy in force, if it only narrows or widening is accepted. Recorded and announced either way. Calls that are decided already
 * go on as decided; everything from here on is decided by the policy in force.
 */
export function reloadPolicy(core: GateCore, next: CompiledPolicy, options: ReloadOptions): ReloadResult {
  const before = core.policy;
  const diff = diffPolicies(before, next);
  const exceptions = newExceptions(before, next);
  const isWider = diff.verdict === 'widened' || diff.verdict === 'unknown' || exceptions.length > 0;
  const accepted = isWider && isAccepted(options.acceptWidening, { diff, exceptions });
  const applied = !isWider || accepted;
  const { name, version, digest } = next;
  if (applied) {
    core.policy = next;
    core.policyRecord = Object.freeze({ name, version, digest });
    core.trace?.begin(core.clock.now(), core.policyRecord);
  }
  const detail: JsonObject = {
    name,
    version,
    digest,
    applied,
    change: diff.verdict,
    exceptions: next.exceptions?.digest ?? null,
    ...(isWider ? { acceptedWidening: accepted } : {}),
  };
  core.evidence.note({ kind: 'lifecycle', time: core.clock.now(), event: 'policy', detail });
  core.events.emit(applied ? 'policy-changed' : 'policy-refused', { name, version, digest, change: diff.verdict });
  return { applied, diff, exceptions };
}

/** A promise is no answer. */
function isAccepted(accept: ReloadOptions['acceptWidening'], widening: PolicyWidening): boolean {
  const answer: unknown = typeof accept === 'function' ? accept(widening) : accept;
  return answer === true;
}

/** Tells that no newer policy could be had: recorded and announced. The one in force stays. */
export function reportPolicyFailure(core: GateCore, error: unknown): void {
  const code = CallgateError.is(error) ? error.code : 'unknown';
  const { name, version, digest } = core.policyRecord;
  const detail: JsonObject = { name, version, digest, failed: code };
  core.evidence.note({ kind: 'lifecycle', time: core.clock.now(), event: 'policy', detail });
  core.events.emit('policy-failed', { code, error });
}

/** The exceptions that the policy before did not have in the same words. Fewer of them only narrow. */
function newExceptions(before: CompiledPolicy, after: CompiledPolicy): readonly string[] {
  const known = new Set((before.exceptions?.exceptions ?? []).map(({ document }) => textOf(document)));
  return (after.exceptions?.exceptions ?? []).flatMap(({ id, document }) => (known.has(textOf(document)) ? [] : [id]));
}

function textOf(document: object): string {
  return canonicalize(document as JsonValue);
}
