import type { Direction, ServerIdentity } from '../call.ts';
import type { Capability, CompiledPolicy, CompiledServer } from '../compiled-policy.ts';
import type { ConditionInput } from '../conditions/condition.ts';
import type { Obligations, PolicyLocation, RuleReference, Stage } from '../decision.ts';
import type { Permission } from '../document/types.ts';
import type { DriftRules } from '../drift/drift-rules.ts';
import type { SourceMap } from '../load/source-map.ts';
import type { GlobTest } from '../match/glob.ts';
import type { IdentityTest } from '../match/identity.ts';
import type { UriSet } from '../match/resource-uri.ts';
import type { RegisterRuntime } from '../exceptions/register.ts';
import type { ControlRule } from '../history/control-rule.ts';
import type { Rule } from '../rules/rule.ts';
import type { Elicitation } from './elicitation.ts';
import type { Entry } from './entry.ts';

/** The parts of a server entry that rules refer to. */
export type ServerKey =
  | 'sampling'
  | 'elicitation'
  | 'roots'
  | 'logging'
  | 'completion'
  | 'tasks'
  | 'resources'
  | 'prompts'
  | 'identity';

/** Entries by name: exact ones, and those whose name is a pattern. */
export class EntryTable {
  readonly exact: ReadonlyMap<string, readonly Entry[]>;
  readonly #patterns: readonly (readonly [GlobTest, Entry])[];

  constructor(exact: ReadonlyMap<string, Entry>, patterns: readonly (readonly [GlobTest, Entry])[]) {
    this.exact = new Map([...exact].map(([name, entry]) => [name, Object.freeze([entry])]));
    this.#patterns = patterns;
  }

  get isEmpty(): boolean {
    return this.exact.size === 0 && this.#patterns.length === 0;
  }

  /** Every entry, those whose name is a pattern included. */
  get all(): readonly Entry[] {
    return [...[...this.exact.values()].flat(), ...this.#patterns.map(([, entry]) => entry)];
  }

  /** The entries that judge `name`: the exact one alone, or every pattern that matches. */
  find(name: string): readonly Entry[] {
    const exact = this.exact.get(name);
    if (exact !== undefined) return exact;
    return this.#patterns.filter(([matches]) => matches(name)).map(([, entry]) => entry);
  }
}

/** What compiling a server entry yields. */
export interface ServerParts {
  readonly name: string;
  readonly trust: 'internal' | 'external';
  readonly identity: ServerIdentity | null;
  readonly matchesIdentity: IdentityTest | undefined;
  readonly stage: Stage;
  readonly timeoutMs: number;
  readonly maxResultBytes: number;
  readonly obligations: Obligations;
  readonly drift: DriftRules;
  readonly tools: EntryTable;
  readonly prompts: EntryTable;
  readonly methods: Readonly<Record<Direction, ReadonlyMap<string, Entry>>>;
  readonly resources: { readonly uris: UriSet; readonly entry: Entry; readonly subscribe: boolean } | undefined;
  readonly roots: UriSet | undefined;
  readonly sampling: { readonly permission: Permission; readonly maxTokens: number | undefined };
  readonly elicitation: Elicitation;
  readonly logging: boolean;
  readonly completion: boolean;
  readonly tasks: boolean;
  readonly cache: boolean;
  readonly meta: GlobTest;
  readonly headers: GlobTest;
  /** Where the parts of the entry stand; `''` is the entry itself. */
  reference(key: ServerKey | ''): RuleReference;
  /** Whether the entry says anything under `key`. */
  declares(key: ServerKey): boolean;
}

/** A server entry, compiled, with what `decide` needs besides the public face. */
export class ServerRuntime implements CompiledServer {
  readonly parts: ServerParts;
  /** What conditions read of it. */
  readonly facts: ConditionInput['server'];

  constructor(parts: ServerParts) {
    this.parts = parts;
    this.facts = Object.freeze({ name: parts.name, trust: parts.trust });
  }

  get name(): string {
    return this.parts.name;
  }
  get trust(): 'internal' | 'external' {
    return this.parts.trust;
  }
  get identity(): ServerIdentity | null {
    return this.parts.identity;
  }
  get stage(): Stage {
    return this.parts.stage;
  }
  get timeoutMs(): number {
    return this.parts.timeoutMs;
  }
  get maxResultBytes(): number {
    return this.parts.maxResultBytes;
  }
  get result(): CompiledServer['result'] {
    return this.parts.obligations.result;
  }
  get drift(): DriftRules {
    return this.parts.drift;
  }
  get permitsLogging(): boolean {
    return this.#isOpen || this.parts.logging;
  }
  get permitsTasks(): boolean {
    return this.#isOpen || this.parts.tasks;
  }
  get permitsCache(): boolean {
    return this.#isOpen || this.parts.cache;
  }

  offers(capability: Capability): boolean {
    if (this.#isOpen) return true;
    switch (capability) {
      case 'sampling':
        return this.parts.sampling.permission !== 'deny';
      case 'elicitation.form':
        return this.parts.elicitation.form !== 'deny';
      case 'elicitation.url':
        return this.parts.elicitation.url !== 'deny';
      case 'roots':
        return this.parts.roots !== undefined;
      case 'tasks':
        return this.parts.tasks;
    }
  }

  permitsMeta(key: string): boolean {
    return this.#isOpen || this.parts.meta(key);
  }

  permitsHeader(name: string): boolean {
    return this.#isOpen || this.parts.headers(name.toLowerCase());
  }

  permitsRoot(uri: string): boolean {
    return this.#isOpen || this.parts.roots?.match(uri) !== undefined;
  }

  permitsResource(uri: string): boolean {
    return this.#isOpen || this.parts.resources?.uris.match(uri) !== undefined;
  }

  permitsPrompt(name: string): boolean {
    return this.#isOpen || this.parts.prompts.find(name).length > 0;
  }

  get #isOpen(): boolean {
    return this.parts.stage !== 'enforce';
  }
}

/** A compiled policy, with what `decide` needs besides the public face. */
export class PolicyRuntime implements CompiledPolicy {
  readonly name: string;
  readonly version: string;
  readonly digest: CompiledPolicy['digest'];
  readonly stage: Stage;
  readonly servers: ReadonlyMap<string, ServerRuntime>;
  readonly document: CompiledPolicy['document'];
  /** Across servers and tools. */
  readonly rules: readonly Rule[];
  /** Across servers and tools. */
  readonly controls: readonly ControlRule[];
  readonly exceptions: RegisterRuntime | undefined;
  readonly #sourceMap: SourceMap;

  constructor(
    parts: Pick<CompiledPolicy, 'name' | 'version' | 'digest' | 'stage' | 'document'>,
    servers: ReadonlyMap<string, ServerRuntime>,
    rules: readonly Rule[],
    controls: readonly ControlRule[],
    sourceMap: SourceMap,
    exceptions?: RegisterRuntime,
  ) {
    this.name = parts.name;
    this.version = parts.version;
    this.digest = parts.digest;
    this.stage = parts.stage;
    this.document = parts.document;
    this.servers = servers;
    this.rules = rules;
    this.controls = controls;
    this.exceptions = exceptions;
    this.#sourceMap = sourceMap;
    Object.freeze(this);
  }

  get file(): string | null {
    return this.#sourceMap.file;
  }

  locate(pointer: string): PolicyLocation | undefined {
    return this.#sourceMap.location(pointer);
  }

  /** Where a character of the text at a JSON pointer into the document stands; undefined where the document has no text. */
  locateIn(pointer: string, value: string, offset: number): PolicyLocation | undefined {
    return this.#sourceMap.locationIn(pointer, value, offset);
  }

  /** The same policy with other servers. */
  withServers(servers: ReadonlyMap<string, ServerRuntime>): PolicyRuntime {
    return new PolicyRuntime(this, servers, this.rules, this.controls, this.#sourceMap, this.exceptions);
  }

  /** The same policy with other exceptions. */
  withExceptions(exceptions: RegisterRuntime | undefined): PolicyRuntime {
    return new PolicyRuntime(this, this.servers, this.rules, this.controls, this.#sourceMap, exceptions);
  }
}

/** @throws {TypeError} when `policy` was not made by `compilePolicy` or `parsePolicy` */
export function runtimeOf(policy: CompiledPolicy): PolicyRuntime {
  if (policy instanceof PolicyRuntime) return policy;
  throw new TypeError('policy: expected a compiled policy, from compilePolicy or parsePolicy');
}
