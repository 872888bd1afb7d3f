import { readFile, stat } from 'node:fs/promises';

import { withExceptions, type CompiledPolicy, type ExceptionRegister } from '@callgate/policy';

import { GateError } from './errors.ts';
import { loadKinds, parseExceptions, parsePolicy } from './policies.ts';

const MAX_POLICY_BYTES = 4 * 1024 * 1024;

/** What a policy file is loaded with. */
export interface LoadPolicyOptions {
  /** The file of its exceptions; see `withExceptions`. Default: none. */
  readonly exceptions?: string | URL;
}

/**
 * Reads and compiles a policy file: YAML or JSON, at most 4 MiB of UTF-8.
 *
 * @throws {GateError} `CALLGATE_POLICY_UNREADABLE` when the file cannot be read, is no regular file, or is not UTF-8
 * @throws {PolicyError} when it does not compile: every issue with its line and column
 */
export async function loadPolicy(path: string | URL, options: LoadPolicyOptions = {}): Promise<CompiledPolicy> {
  const text = await readText(path);
  await loadKinds(text);
  const policy = parsePolicy(text, { file: String(path) });
  return options.exceptions === undefined ? policy : withExceptions(policy, await loadExceptions(options.exceptions));
}

/**
 * Reads and compiles a register of exceptions: YAML or JSON, at most 4 MiB of UTF-8.
 *
 * @throws {GateError} `CALLGATE_POLICY_UNREADABLE`, as {@link loadPolicy}
 * @throws {PolicyError} when it does not compile
 */
export async function loadExceptions(path: string | URL): Promise<ExceptionRegister> {
  const text = await readText(path);
  await loadKinds(text);
  return parseExceptions(text, { file: String(path) });
}

async function readText(path: string | URL): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_POLICY_BYTES) throw new RangeError(`expected at most ${MAX_POLICY_BYTES} bytes, got ${size}`);
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(path));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GateError('CALLGATE_POLICY_UNREADABLE', `expected a readable policy file: ${reason}`, { cause });
  }
}
