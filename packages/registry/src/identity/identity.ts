import type { Digest } from '@callgate/canonical';

/** A package as its registry knows it. */
export interface PackageIdentity {
  readonly registry: 'npm';
  readonly name: string;
  /** Null: not resolved. */
  readonly version: string | null;
  /** Subresource integrity, `sha512-…`, as lockfiles have it. Null: not resolved. */
  readonly integrity: string | null;
}

/** A server that is started. */
export interface CommandIdentity {
  readonly kind: 'command';
  readonly command: string;
  readonly args: readonly string[];
  /** Of the file that the command resolves to. Null: not pinned, as for interpreters, whose bytes differ from machine to machine. */
  readonly executable: Digest | null;
  /** Of the script that an interpreter is given. Null: there is none, or it is not pinned. */
  readonly script: Digest | null;
  /** What is installed under the name that the command line asks for. Null: it asks for none. */
  readonly package: PackageIdentity | null;
}

/** A server that is reached. */
export interface UrlIdentity {
  readonly kind: 'url';
  /** Scheme, host and port. Paths and queries are left out: they may hold secrets. */
  readonly origin: string;
  /**
   * SHA-256 of the subject public key info of keys that the server may have, the one in use and those it will rotate to. Empty: not
   * pinned.
   */
  readonly publicKeys: readonly Digest[];
}

/** Who a server is. */
export type ServerIdentity = CommandIdentity | UrlIdentity;
