import { readFile, stat } from 'node:fs/promises';

import type { CompiledPolicy } from '@callgate/policy';

import { GateError } from './errors.ts';
import { loadKinds, parsePolicy } from './policies.ts';

const MAX_POLICY_BYTES = 4 * 1024 * 1024;

/**
 * Reads and compiles a policy file: YAML or JSON, at most 4 MiB of UTF-8.
 *
 * @throws {GateError} `CALLGATE_POLICY_UNREADABLE` when the file cannot be read, is no regular file, or is not UTF-8
 * @throws {PolicyError} when it does not compile: every issue with its line and column
 */
export async function loadPolicy(path: string | URL): Promise<CompiledPolicy> {
  const file = String(path);
  let text: string;
  try {
    const { size } = await stat(path);
    if (size > MAX_POLICY_BYTES) throw new RangeError(`expected at most ${MAX_POLICY_BYTES} bytes, got ${size}`);
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GateError('CALLGATE_POLICY_UNREADABLE', `expected a readable policy file: ${reason}`, { cause });
  }
  await loadKinds(text);
  return parsePolicy(text, { file });
}
