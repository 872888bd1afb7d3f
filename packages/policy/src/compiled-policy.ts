import type { Digest } from '@callgate/canonical';

import type { ServerIdentity } from './call.ts';
import type { PolicyLocation, Stage } from './decision.ts';
import type { DriftRules } from './drift/drift-rules.ts';
import type { ExceptionRegister } from './exceptions/exception.ts';
import type { ResultRules } from './results/result-rules.ts';
import type { PolicyDocument } from './document/types.ts';

/** A policy ready to decide. Immutable. */
export interface CompiledPolicy {
  readonly name: string;
  readonly version: string;
  /** The digest of the document; the same for equal documents in YAML, JSON and TypeScript. */
  readonly digest: Digest;
  readonly stage: Stage;
  /** The file it was read from, as the caller named it. */
  readonly file: string | null;
  /** The registered servers by exact name. */
  readonly servers: ReadonlyMap<string, CompiledServer>;
  /** The exceptions that go with it; see `withExceptions`. */
  readonly exceptions: ExceptionRegister | undefined;
  /** The document as plain data, deep-frozen. */
  readonly document: PolicyDocument;
  /**
   * Where the value at a JSON pointer into the document stands in its text, or the nearest value around it that has a place.
   * Undefined where the document has no text.
   *
   * @throws {RangeError} when `pointer` is no JSON pointer
   */
  locate(pointer: string): PolicyLocation | undefined;
}

/** What a server may ask the client for, and so what the client may say it can do. */
export type Capability = 'sampling' | 'elicitation.form' | 'elicitation.url' | 'roots' | 'tasks';

/** One registered server. Where its stage is `observe` or `off`, everything below says yes: those stages block nothing. */
export interface CompiledServer {
  readonly name: string;
  readonly trust: 'internal' | 'external';
  /** As the policy declares it; null where it declares none. */
  readonly identity: ServerIdentity | null;
  readonly stage: Stage;
  readonly timeoutMs: number;
  readonly maxResultBytes: number;
  /** How what it sends besides results of tools is inspected; the standard way where policy says nothing. */
  readonly result: ResultRules | 'off' | undefined;
  /** What is done about differences from the lock, where the gate has one. */
  readonly drift: DriftRules;
  /** `logging: allow`. */
  readonly permitsLogging: boolean;
  /** `tasks: allow`. */
  readonly permitsTasks: boolean;
  /** `cache: allow`: the SDK client may answer reads and lists from its own cache, past the gate. */
  readonly permitsCache: boolean;
  /** Whether the client may tell the server that it has this capability. */
  offers(capability: Capability): boolean;
  /** Whether the policy lets this `_meta` key leave besides those that the protocol defines. */
  permitsMeta(key: string): boolean;
  /** Whether the policy lets this request header leave besides those of the transport. Case does not matter. */
  permitsHeader(name: string): boolean;
  permitsRoot(uri: string): boolean;
  permitsResource(uri: string): boolean;
  permitsPrompt(name: string): boolean;
}
