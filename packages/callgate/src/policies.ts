import { standardKinds } from '@callgate/arguments';
import * as policies from '@callgate/policy';
import type {
  AnnotatedPolicy,
  CompiledPolicy,
  ExceptionRegister,
  ObservedCall,
  PolicyDocument,
  PolicyLearner,
  PolicySource,
  StarterOptions,
  StarterServer,
  SuggestOptions,
  Suggestion,
} from '@callgate/policy';

/**
 * Compiles a policy document given as an object, with the standard argument kinds unless `source.kinds` names others.
 *
 * @throws {PolicyError} with everything that is wrong; a kind that needs loading wants `await loadKinds()` first
 */
export function compilePolicy(document: PolicyDocument, source: PolicySource = {}): CompiledPolicy {
  return policies.compilePolicy(document, { kinds: standardKinds, ...source });
}

/** Compiles a policy text, YAML 1.2 or JSON. As {@link compilePolicy}. */
export function parsePolicy(text: string, source: PolicySource = {}): CompiledPolicy {
  return policies.parsePolicy(text, { kinds: standardKinds, ...source });
}

/** Compiles the text of a register of exceptions. As {@link compilePolicy}. */
export function parseExceptions(text: string, source: PolicySource = {}): ExceptionRegister {
  return policies.parseExceptions(text, { kinds: standardKinds, ...source });
}

/**
 * Learns a policy from calls, one at a time, with the standard argument kinds unless `options.kinds` names others.
 *
 * @throws {RangeError} when an option is out of range
 */
export function createPolicyLearner(options: SuggestOptions = {}): PolicyLearner {
  return new policies.PolicyLearner({ kinds: standardKinds, ...options });
}

/** The tightest policy that calls would have passed. As {@link createPolicyLearner}; kinds that are not loaded are not suggested. */
export function suggestPolicy(calls: Iterable<ObservedCall>, options: SuggestOptions = {}): Suggestion {
  return policies.suggestPolicy(calls, { kinds: standardKinds, ...options });
}

/** A first policy for servers of which only their tools are known, with the standard argument kinds unless `options.kinds` names others. */
export function starterPolicy(servers: readonly StarterServer[], options: StarterOptions = {}): AnnotatedPolicy {
  return policies.starterPolicy(servers, { kinds: standardKinds, ...options });
}

/**
 * Loads what argument kinds need before they compile (parsers in WebAssembly): of all standard kinds, or of those that `text`
 * mentions by name.
 */
export async function loadKinds(text?: string): Promise<void> {
  const wanted = standardKinds.filter((kind) => text === undefined || text.includes(kind.name));
  await Promise.all(wanted.map(async (kind) => kind.load?.()));
}
