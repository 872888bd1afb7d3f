import { canonicalize, digest, own, parsePointer, resolvePointer, type JsonValue } from '@callgate/canonical';
import type { ControlledCall } from '@callgate/policy';

import { keyText } from './key-text.ts';
import { KeyReaders } from './read-keys.ts';

/** A call with what is derived from it, each computed once however many controls ask. */
export interface CallFacts {
  /** The id of the attempt: what flows name as a source. */
  readonly id: string;
  readonly call: ControlledCall;
  /** What the environment is called, for `per: [environment]`. */
  readonly environment: string | undefined;
  /** What the host knows of the arguments. */
  readonly known: KnownArguments;
  /** Reads its keys: many controls keep count by the same. */
  readonly keys: KeyReaders;
  /** Among the calls that `keys` reads. */
  readonly number: number;
  /** What was called, and with what: 128 bits of the digest of the arguments after server, method and tool. */
  callText(): string;
  /** 128 bits of the digest of all arguments but the top-level members named, hex. */
  argumentsDigest(volatile: readonly string[]): string;
  /** The argument there, or undefined. */
  argument(pointer: string): JsonValue | undefined;
  /** 128 bits of the digest of the argument there, hex, or undefined where there is none. */
  argumentDigest(pointer: string): string | undefined;
}

/** What the host knows of a call's arguments beyond what they say; flows go by it. */
export interface KnownArguments {
  /** What it decoded of encoded strings in them. */
  readonly decoded?: readonly string[] | undefined;
  /** Labels of what it put into them itself, which the run has not seen: content from quarantine, by its handle. */
  readonly carries?: readonly string[] | undefined;
}

const NOTHING_KNOWN: KnownArguments = Object.freeze({});

export function createCallFacts(
  id: string,
  call: ControlledCall,
  environment: string | undefined,
  known: KnownArguments = NOTHING_KNOWN,
  keys: KeyReaders = new KeyReaders(),
): CallFacts {
  return new Facts(id, call, environment, known, keys);
}

/** Digests in a row. */
interface Digests {
  readonly name: string;
  readonly digest: string | undefined;
  readonly next: Digests | undefined;
}

class Facts implements CallFacts {
  readonly id: string;
  readonly call: ControlledCall;
  readonly environment: string | undefined;
  readonly known: KnownArguments;
  readonly keys: KeyReaders;
  readonly number: number;
  /** By pointer, and by the volatile names joined. Few, or none: most calls are not asked. */
  #digests: Digests | undefined;

  constructor(
    id: string,
    call: ControlledCall,
    environment: string | undefined,
    known: KnownArguments,
    keys: KeyReaders,
  ) {
    this.id = id;
    this.call = call;
    this.environment = environment;
    this.known = known;
    this.keys = keys;
    this.number = keys.nextNumber();
  }

  argumentsDigest(volatile: readonly string[]): string {
    // No pointer begins with a bracket.
    const name = volatile.length === 0 ? '[]' : JSON.stringify(volatile);
    const known = this.#known(name);
    if (known !== undefined) return known.digest ?? '';
    const { args } = this.call;
    const digested = shortDigest(
      volatile.some((member) => Object.hasOwn(args, member))
        ? Object.fromEntries(Object.entries(args).filter(([member]) => !volatile.includes(member)))
        : args,
    );
    return this.#remember(name, digested);
  }

  callText(): string {
    const { server, method, tool = '' } = this.call;
    return keyText([server, method, tool, this.argumentsDigest([])]);
  }

  argument(pointer: string): JsonValue | undefined {
    return valueAt(this.call.args, pointer);
  }

  argumentDigest(pointer: string): string | undefined {
    const known = this.#known(pointer);
    if (known !== undefined) return known.digest;
    const value = this.argument(pointer);
    return this.#remember(pointer, value === undefined ? undefined : shortDigest(value));
  }

  #known(name: string): Digests | undefined {
    let known = this.#digests;
    while (known !== undefined && known.name !== name) known = known.next;
    return known;
  }

  #remember<Text extends string | undefined>(name: string, digested: Text): Text {
    this.#digests = { name, digest: digested, next: this.#digests };
    return digested;
  }
}

/** The value at a pointer, or undefined where there is none. */
export function valueAt(value: JsonValue, pointer: string): JsonValue | undefined {
  const name = pointer.slice(1);
  // The common `/name` needs no parsing.
  if (typeof value === 'object' && value !== null && !Array.isArray(value) && !/[/~]/u.test(name) && pointer !== '') {
    return own(value as Readonly<Record<string, JsonValue>>, name);
  }
  return resolvePointer(value, parsePointer(pointer));
}

/** Hex digits kept of a digest: 128 bits, beyond a search for two values with the same. */
const DIGITS = 32;
const PREFIX = 'sha256:'.length;

/** 128 bits of the SHA-256 of a value's canonical JSON, hex. */
export function shortDigest(value: JsonValue): string {
  return digest(canonicalize(value)).slice(PREFIX, PREFIX + DIGITS);
}
