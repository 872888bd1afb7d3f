import type { JsonValue } from '@callgate/canonical';

import type { Direction, ServerIdentity } from '../call.ts';
import type { Ring, Stage, ToolEffect } from '../decision.ts';
import type { DriftRules } from '../drift/drift-rules.ts';
import type { OutgoingRules } from '../outgoing/outgoing-rules.ts';
import type { ContentKind, ResultClass, ResultOver, ResultTreatment } from '../results/result-rules.ts';
import type {
  ApplyDocument,
  BreakerDocument,
  CostDocument,
  FlowDocument,
  IdempotencyDocument,
  MeterDocument,
  PlanDocument,
} from './control-types.ts';

/** The JSON types, `integer` (a number without a fraction, `1.0` included), and `any`. */
export type ValueType = 'null' | 'boolean' | 'integer' | 'number' | 'string' | 'array' | 'object' | 'any';

/**
 * What one value may be: a closed subset of JSON Schema 2020-12.
 *
 * Unlike there, a keyword implies its type (`minimum` accepts numbers only) and an object accepts only what it lists.
 */
export interface ValueSchema {
  readonly type?: ValueType | readonly ValueType[];
  readonly enum?: readonly JsonValue[];
  readonly const?: JsonValue;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  /** Exact in decimal: 0.3 is a multiple of 0.1. */
  readonly multipleOf?: number;
  /** Unicode code points. */
  readonly minLength?: number;
  readonly maxLength?: number;
  /** RE2 syntax, searched anywhere in the string unless anchored. */
  readonly pattern?: string;
  readonly items?: ArgumentSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  /** Listed names are required unless `optional`; others are refused unless `additional`. */
  readonly properties?: Readonly<Record<string, ArgumentSchema>>;
  readonly additional?: boolean | ArgumentSchema;
  /** May be absent; only where the value is a named argument or property. */
  readonly optional?: boolean;
  /** The value may be something in quarantine, by its handle; it must fit the schema all the same. Only in arguments of tools. */
  readonly quarantined?: 'allow';
  /** The author's words for a value that fails. */
  readonly message?: string;
}

/** A value of an argument kind, such as `{ kind: sql, dialect: postgres }`. The keys beside those named here are the kind's own. */
export interface KindSchema {
  readonly kind: string;
  /** As in {@link ValueSchema}. */
  readonly optional?: boolean;
  readonly quarantined?: 'allow';
  readonly message?: string;
  readonly [key: string]: JsonValue | undefined;
}

/** What one value may be: in JSON Schema vocabulary, or of an argument kind. */
export type ArgumentSchema = ValueSchema | KindSchema;

/** The argument objects accepted: a schema for each name, or `any`. */
export type EnvelopeDocument = 'any' | Readonly<Record<string, ArgumentSchema>>;

/** Who may call. The dimensions given must all hold, each by one of its values; `*` stands for any run of characters. */
export interface WhoDocument {
  readonly users?: readonly string[];
  readonly agents?: readonly string[];
  readonly tenants?: readonly string[];
  readonly workloads?: readonly string[];
  readonly teams?: readonly string[];
  readonly roles?: readonly string[];
}

/** `when`: a condition; calls that it holds for need approval, the others do not. Without it every call does. */
export type ApprovalDocument = 'required' | { readonly by?: readonly string[]; readonly when?: string };

/** What the record may show of a call besides field names, types and size buckets. */
export interface SummaryDocument {
  /** The category of what is touched, in the author's words. */
  readonly resource?: string;
  /** Arguments recorded as they are, where the envelope bounds them to an enum, a constant or a short pattern. */
  readonly keep?: readonly string[];
  /** Arguments recorded as the size bucket of their value. */
  readonly bucket?: readonly string[];
  /** Names that the record reports as asked for when they occur in the strings at the pointer `at`. */
  readonly restricted?: { readonly at: string; readonly names: readonly string[] };
}

/** JSON pointers into the arguments (into each item of `each`, where given) that find the inner calls of a dispatcher. */
export interface DispatchDocument {
  readonly tool: string;
  readonly arguments: string;
  readonly server?: string;
  readonly each?: string;
}

/** How results are inspected: classes by what is done about them, instruction-like text, and the shape they must have. */
export type ResultDocument =
  | 'off'
  | ({ readonly [Treatment in ResultTreatment]?: readonly ResultClass[] } & {
      readonly instructions?: ResultTreatment;
      /** `manifest`: structured content must fit the tool's own output schema. */
      readonly schema?: 'manifest' | 'any';
      readonly content?: readonly ContentKind[];
      readonly mimeTypes?: readonly string[];
      /** `at`: a JSON pointer. */
      readonly rows?: { readonly at: string; readonly max: number; readonly then?: 'trim' | 'quarantine' | 'reject' };
      /** JSON pointers. */
      readonly release?: readonly string[];
      readonly maxTokens?: number;
      readonly over?: ResultOver;
    });

/** How what is sent to a server is inspected. A key that is left out is as around it. */
export type OutgoingDocument = Partial<OutgoingRules>;

/** What is done about differences from the lock, by class of drift. A class that is left out is as around it. */
export type DriftDocument = Partial<DriftRules>;

export interface ToolDocument {
  readonly ring: Ring;
  readonly effect?: ToolEffect;
  readonly who?: WhoDocument;
  readonly arguments?: EnvelopeDocument;
  readonly approval?: ApprovalDocument;
  readonly timeout?: string;
  readonly maxResultBytes?: string | number;
  readonly result?: ResultDocument;
  readonly outgoing?: OutgoingDocument;
  readonly stage?: Stage;
  readonly owner?: string;
  readonly message?: string;
  readonly summary?: SummaryDocument;
  readonly dispatch?: DispatchDocument;
  /** What its results are, in the policy's own words: `private`, `untrusted`, …. Rules match on them. */
  readonly labels?: readonly string[];
  /** Its calls send data out; flows name the sink. */
  readonly sink?: string;
  /** Labels that its success lifts from the run. */
  readonly declassifies?: readonly string[];
  readonly idempotency?: IdempotencyDocument;
  readonly plan?: PlanDocument;
  readonly apply?: ApplyDocument;
  readonly cost?: CostDocument;
}

export type Permission = 'deny' | 'allow' | 'hold';

export type SamplingDocument = Permission | { readonly then: 'allow' | 'hold'; readonly maxTokens?: number };

export type ElicitationUrlDocument = 'deny' | { readonly then: 'allow' | 'hold'; readonly hosts: readonly string[] };

export type ElicitationDocument =
  | Permission
  | { readonly form?: Permission; readonly url?: ElicitationUrlDocument; readonly secrets?: 'deny' | 'allow' };

export interface ResourcesDocument {
  readonly allow: readonly string[];
  readonly ring?: Ring;
  readonly subscribe?: boolean;
}

export type PromptDocument = 'any' | { readonly arguments: EnvelopeDocument };

export interface MethodDocument {
  readonly direction: Direction;
  readonly ring: Ring;
  readonly effect?: ToolEffect;
  readonly params?: EnvelopeDocument;
  readonly who?: WhoDocument;
  readonly timeout?: string;
}

export interface ServerDocument {
  readonly identity?: ServerIdentity;
  readonly trust?: 'internal' | 'external';
  readonly stage?: Stage;
  readonly timeout?: string;
  readonly maxResultBytes?: string | number;
  readonly result?: ResultDocument;
  readonly outgoing?: OutgoingDocument;
  readonly drift?: DriftDocument;
  readonly sampling?: SamplingDocument;
  readonly elicitation?: ElicitationDocument;
  readonly roots?: 'deny' | { readonly allow: readonly string[] };
  readonly logging?: 'allow' | 'deny';
  readonly completion?: 'allow' | 'deny';
  readonly tasks?: 'allow' | 'deny';
  readonly cache?: 'allow' | 'deny';
  readonly resources?: ResourcesDocument;
  readonly prompts?: Readonly<Record<string, PromptDocument>>;
  readonly methods?: Readonly<Record<string, MethodDocument>>;
  readonly meta?: { readonly allow: readonly string[] };
  readonly headers?: { readonly allow: readonly string[] };
  readonly cost?: CostDocument;
  readonly tools?: Readonly<Record<string, ToolDocument>>;
}

/** One of something, or several. */
export type OneOrMore<Item> = Item | readonly Item[];

/** Things outside that arguments can name. Each is matched in every spelling that is known; see docs/reference/policy.md. */
export interface ResourceMatchDocument {
  /** `*` is any run within a segment, `**` any run of segments: `/etc/**`, or `.env` below any folder. Case does not matter. */
  readonly paths?: readonly string[];
  /** Hosts; `.example.com` stands for itself and everything below it. */
  readonly hosts?: readonly string[];
  /** Tables, with their schema or without. */
  readonly tables?: readonly string[];
  /** Programs, without folder. */
  readonly programs?: readonly string[];
  /** E-mail addresses, with `*` for any run of characters. */
  readonly addresses?: readonly string[];
}

/** Which messages a rule is about: those that every dimension given here fits, each by one of its values. */
export interface RuleMatchDocument {
  readonly server?: OneOrMore<string>;
  readonly tool?: OneOrMore<string>;
  readonly method?: OneOrMore<string>;
  readonly ring?: OneOrMore<Ring>;
  readonly effect?: OneOrMore<ToolEffect>;
  readonly labels?: OneOrMore<string>;
  readonly who?: WhoDocument;
  readonly resources?: ResourceMatchDocument;
}

/** A cross-cutting rule. It has exactly one of `deny`, `hold`, `raise` and `observe`. */
export interface RuleDocument {
  readonly id: string;
  readonly match?: RuleMatchDocument;
  /** `true`, or a condition in CEL. What it holds for, and what it cannot be evaluated for, is denied. */
  readonly deny?: true | string;
  /** The same; calls are held for approval. What it cannot be evaluated for is denied. */
  readonly hold?: true | string;
  /** Calls are judged as of a higher ring. */
  readonly raise?: { readonly ring: 1 | 2 | 3; readonly when?: string };
  /** Calls are marked in the record, and nothing else happens. */
  readonly observe?: true | string;
  /** Who may approve what is held. */
  readonly by?: readonly string[];
  readonly message?: string;
  readonly owner?: string;
  readonly stage?: Stage;
}

/** The layers of a policy that can have owners of their own. */
export type OwnedLayer = 'servers' | 'envelopes' | 'approvals' | 'rules' | 'exceptions' | 'policy';

/** One policy document: the same shape as YAML, JSON or TypeScript. See docs/reference/policy.md. */
export interface PolicyDocument {
  readonly callgate: 1;
  readonly name: string;
  readonly version: string;
  readonly stage?: Stage;
  readonly owners?: Readonly<Partial<Record<OwnedLayer, string>>>;
  readonly result?: ResultDocument;
  readonly outgoing?: OutgoingDocument;
  readonly drift?: DriftDocument;
  readonly servers: Readonly<Record<string, ServerDocument>>;
  /** Rules across servers and tools. Their order never matters. */
  readonly rules?: readonly RuleDocument[];
  /** Controls over what many calls do together. Their order never matters. */
  readonly meters?: readonly MeterDocument[];
  readonly breakers?: readonly BreakerDocument[];
  readonly flows?: readonly FlowDocument[];
}

/** One temporary widening of a policy. */
export interface ExceptionDocument {
  readonly id: string;
  readonly owner: string;
  readonly reason: string;
  readonly server: string;
  readonly tool: string;
  /** For whom; default everybody whom the tool is open to. */
  readonly who?: WhoDocument;
  /** A whole envelope that is accepted beside the tool's own. */
  readonly arguments?: Readonly<Record<string, ArgumentSchema>>;
  /** Rules that say nothing of these calls, and the tool's own approval; never that of ring 3. */
  readonly waives?: { readonly rules?: readonly string[]; readonly approval?: true };
  readonly approver: string;
  /** From when it is in force, and from when it is not any more: RFC 3339 date-times, or dates for their first instant in UTC. */
  readonly created: string;
  readonly expires: string;
  readonly renewals?: readonly { readonly at: string; readonly by: string; readonly until?: string }[];
}

/** A register of exceptions: `exceptions.yaml`. */
export interface ExceptionsDocument {
  readonly callgate: 1;
  readonly exceptions: readonly ExceptionDocument[];
}
