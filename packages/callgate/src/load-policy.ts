import { constants, open } from 'node:fs/promises';

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
  return compileTexts(await readPolicyTexts(path, options));
}

/** A policy file and that of its exceptions, as they were read. */
export interface PolicyTexts {
  readonly policy: PolicyText;
  readonly exceptions: PolicyText | undefined;
}

interface PolicyText {
  readonly file: string;
  readonly text: string;
}

/**
 * Reads the files that {@link compileTexts} compiles.
 *
 * @throws {GateError} `CALLGATE_POLICY_UNREADABLE`, as {@link loadPolicy}
 */
export async function readPolicyTexts(path: string | URL, { exceptions }: LoadPolicyOptions): Promise<PolicyTexts> {
  const read = async (file: string | URL): Promise<PolicyText> => ({ file: String(file), text: await readText(file) });
  return { policy: await read(path), exceptions: exceptions === undefined ? undefined : await read(exceptions) };
}

/** @throws {PolicyError} as {@link loadPolicy} */
export async function compileTexts({ policy: { file, text }, exceptions }: PolicyTexts): Promise<CompiledPolicy> {
  await loadKinds(`${text}\n${exceptions?.text ?? ''}`);
  const policy = parsePolicy(text, { file });
  return exceptions === undefined
    ? policy
    : withExceptions(policy, parseExceptions(exceptions.text, { file: exceptions.file }));
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
    // a pipe without a writer would be waited for, and a watch with it
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const status = await file.stat();
      if (!status.isFile()) throw new TypeError('expected a regular file');
      if (status.size > MAX_POLICY_BYTES)
        throw new RangeError(`expected at most ${MAX_POLICY_BYTES} bytes, got ${status.size}`);
      return new TextDecoder('utf-8', { fatal: true }).decode(await file.readFile());
    } finally {
      await file.close();
    }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new GateError('CALLGATE_POLICY_UNREADABLE', `expected a readable policy file: ${reason}`, { cause });
  }
}
