import { standardKinds } from '@callgate/arguments';
import * as policies from '@callgate/policy';
import type { CompiledPolicy, ExceptionRegister, PolicyDocument, PolicySource } from '@callgate/policy';

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
 * Loads what argument kinds need before they compile (parsers in WebAssembly): of all standard kinds, or of those that `text`
 * mentions by name.
 */
export async function loadKinds(text?: string): Promise<void> {
  const wanted = standardKinds.filter((kind) => text === undefined || text.includes(kind.name));
  await Promise.all(wanted.map(async (kind) => kind.load?.()));
}
