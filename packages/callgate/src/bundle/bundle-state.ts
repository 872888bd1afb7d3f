import { readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { canonicalize, excerpt, isDigest, isJsonObject, type Digest, type JsonValue } from '@callgate/canonical';

import { replaceFile } from '../replace-file.ts';
import { BundleError } from './errors.ts';
import type { VerifiedBundle } from './open-bundle.ts';
import { underLock } from './state-lock.ts';

/** The newest bundle that was accepted. */
export interface AcceptedBundle {
  readonly name: string;
  readonly sequence: number;
  readonly digest: Digest;
}

/** Remembers which bundle was accepted last, so that none before it is accepted again. */
export interface BundleState {
  /**
   * Accepts a bundle: from here on nothing older, and nothing else of the same sequence. Durable when it resolves.
   *
   * @throws {BundleError} `CALLGATE_BUNDLE_ROLLED_BACK`, `_EQUIVOCATED`, `_OTHER_NAME`; `_STATE` where it cannot be remembered
   */
  accept(bundle: VerifiedBundle): Promise<void>;
}

const FORMAT = 1;
const MAX_STATE_BYTES = 4_096;

/** State in a file, or in memory where none is named. */
export function openBundleState(path: string | URL | undefined): BundleState {
  return path === undefined ? new MemoryState() : new FileState(path instanceof URL ? fileURLToPath(path) : path);
}

class MemoryState implements BundleState {
  #accepted: AcceptedBundle | undefined;

  accept(bundle: VerifiedBundle): Promise<void> {
    return Promise.resolve().then(() => {
      this.#accepted = next(bundle, this.#accepted);
    });
  }
}

/** Replaced as a whole and synced. Writers of one file take turns, in this process and in others. */
class FileState implements BundleState {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  async accept(bundle: VerifiedBundle): Promise<void> {
    const before = await readState(this.#path);
    // A bundle that is known needs no writing, nor a disk that can be written to.
    if (next(bundle, before) === before) return;
    try {
      await underLock(`${this.#path}.lock`, async () => {
        const current = await readState(this.#path);
        const accepted = next(bundle, current);
        if (accepted !== current) await writeState(this.#path, accepted);
      });
    } catch (cause) {
      throw cause instanceof BundleError ? cause : failed(this.#path, 'write', cause);
    }
  }
}

/** What is accepted after `bundle`; the same object where that is what was accepted before. */
function next({ contents, digest }: VerifiedBundle, before: AcceptedBundle | undefined): AcceptedBundle {
  const { name, sequence } = contents;
  if (before === undefined) return { name, sequence, digest };
  if (name !== before.name)
    throw new BundleError('CALLGATE_BUNDLE_OTHER_NAME', `expected bundle \`${before.name}\`, got \`${name}\``);
  if (sequence < before.sequence)
    throw new BundleError(
      'CALLGATE_BUNDLE_ROLLED_BACK',
      `expected sequence ${before.sequence} or later of bundle \`${name}\`, got ${sequence}`,
    );
  if (sequence > before.sequence) return { name, sequence, digest };
  if (digest !== before.digest)
    throw new BundleError(
      'CALLGATE_BUNDLE_EQUIVOCATED',
      `expected sequence ${sequence} of bundle \`${name}\` as it was accepted, got other contents`,
    );
  return before;
}

/** Undefined where there is no file yet. Anything else that is no state is refused: forgetting would let older bundles in. */
async function readState(path: string): Promise<AcceptedBundle | undefined> {
  let text: string;
  try {
    const status = await stat(path);
    if (!status.isFile() || status.size > MAX_STATE_BYTES) throw corrupt(path);
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof BundleError) throw cause;
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw failed(path, 'read', cause);
  }
  const state = parseState(text);
  if (state === undefined) throw corrupt(path);
  return state;
}

function parseState(text: string): AcceptedBundle | undefined {
  try {
    const value = JSON.parse(text) as JsonValue;
    if (!isJsonObject(value) || `${canonicalize(value)}\n` !== text) return undefined;
    const { digest, name, sequence, version } = value;
    const isState =
      version === FORMAT && isDigest(digest) && typeof name === 'string' && Number.isSafeInteger(sequence);
    return isState && Object.keys(value).length === 4 ? { name, sequence: sequence as number, digest } : undefined;
  } catch {
    return undefined;
  }
}

function writeState(path: string, { name, sequence, digest }: AcceptedBundle): Promise<void> {
  return replaceFile(path, `${canonicalize({ digest, name, sequence, version: FORMAT })}\n`);
}

function corrupt(path: string): BundleError {
  return new BundleError(
    'CALLGATE_BUNDLE_STATE',
    `expected a bundle state in \`${excerpt(path)}\`, got something else: find out which sequence was in force, set it as ` +
      '`minimumSequence`, and remove the file',
  );
}

function failed(path: string, what: 'read' | 'write', cause: unknown): BundleError {
  return new BundleError(
    'CALLGATE_BUNDLE_STATE',
    `cannot ${what} bundle state \`${excerpt(path)}\`: ${codeOf(cause)}`,
    {
      cause,
    },
  );
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unknown error';
}
