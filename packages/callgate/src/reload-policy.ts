import { canonicalize, type JsonObject, type JsonValue } from '@callgate/canonical';
import { diffPolicies, type CompiledPolicy, type PolicyDiff } from '@callgate/policy';

import type { GateCore } from './core.ts';

/** How a policy is put in place of the one in force. */
export interface ReloadOptions {
  /**
   * Takes a policy that lets pass what the one in force does not, or of which that cannot be ruled out. Default: false. Whoever sets
   * it has looked at the difference.
   */
  readonly acceptWidening?: boolean;
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
  const applied = !isWider || options.acceptWidening === true;
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
    ...(isWider ? { acceptedWidening: options.acceptWidening === true } : {}),
  };
  core.evidence.note({ kind: 'lifecycle', time: core.clock.now(), event: 'policy', detail });
  core.events.emit(applied ? 'policy-changed' : 'policy-refused', { name, version, digest, change: diff.verdict });
  return { applied, diff, exceptions };
}

/** The exceptions that the policy before did not have in the same words. Fewer of them only narrow. */
function newExceptions(before: CompiledPolicy, after: CompiledPolicy): readonly string[] {
  const known = new Set((before.exceptions?.exceptions ?? []).map(({ document }) => textOf(document)));
  return (after.exceptions?.exceptions ?? []).flatMap(({ id, document }) => (known.has(textOf(document)) ? [] : [id]));
}

function textOf(document: object): string {
  return canonicalize(document as JsonValue);
}
