import { standardKinds } from '@callgate/arguments';
import {
  mutateSuite,
  parseSuite,
  type CompiledPolicy,
  type PolicyLocation,
  type PolicySource,
  type Suite,
} from '@callgate/policy';

/** A weakening of a policy that no test of a suite notices. */
export interface Survivor {
  /** JSON pointer into the policy: what was weakened. */
  readonly pointer: string;
  /** In words: what was done there. */
  readonly what: string;
  /** Where it stands; undefined for a policy without text. */
  readonly location: PolicyLocation | undefined;
}

/**
 * Weakens a policy in one place after another, and says which weakenings no test of the suite notices. Each is a test that is missing.
 * Tests that fail on the policy itself do not count.
 *
 * @param suite as `parseSuite` gives it, or its text
 * @param source the kinds that the policy was compiled with; default the standard ones
 * @throws {PolicyError} when the text is no suite
 */
export function survivorsOf(
  policy: CompiledPolicy,
  suite: Suite | string,
  source: Pick<PolicySource, 'kinds'> = { kinds: standardKinds },
): readonly Survivor[] {
  const parsed = typeof suite === 'string' ? parseSuite(suite) : suite;
  return mutateSuite(parsed, policy, source).survivors.map(({ pointer, what }) => ({
    pointer,
    what,
    location: policy.locate(pointer),
  }));
}
