/** How a program learns a policy from the calls that it saw. */
import { policyYaml, type ObservedCall } from '@callgate/policy';
import { createPolicyLearner, loadKinds } from 'callgate';

// #region suggest
/** The tightest policy that calls would have passed, and how many of those that were held out it lets pass. */
export async function suggest(calls: AsyncIterable<ObservedCall> | Iterable<ObservedCall>): Promise<string> {
  await loadKinds();
  const learner = createPolicyLearner({ name: 'support-desk', holdout: 0.2 });
  for await (const call of calls) learner.see(call);
  const suggestion = learner.suggest();
  const { allowed, checked } = suggestion.heldOut;
  return policyYaml(suggestion, [`${allowed} of ${checked} held-out calls would pass`]);
}
// #endregion
