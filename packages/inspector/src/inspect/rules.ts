import type { JsonObject, JsonValue } from '@callgate/canonical';

import type { Detector, Surface } from '../detector.ts';
import { TREATMENTS, type FindingKind, type Severity, type Treatment } from '../finding.ts';
import { DEFAULT_FUEL, type FuelLimits } from '../fuel.ts';

/** Something that a check of a whole value found. */
export interface ValueFinding {
  readonly rule: string;
  readonly severity: Severity;
  /** JSON pointer (RFC 6901); `""` for the whole value. */
  readonly pointer: string;
  readonly reason: string;
  readonly treatment: Treatment;
}

/** Looks at a value as a whole, before its strings: shape and size. */
export interface ValueCheck {
  readonly kind: 'shape' | 'size';
  /**
   * Reports what is wrong with `value`.
   *
   * @returns the value to go on with: `value` itself, or a copy from which something was cut (reported as `redact`)
   */
  check(value: JsonValue, context: InspectionContext, report: (finding: ValueFinding) => void): JsonValue;
  /**
   * Where something is to be cut that has to be inspected first: the value as it goes on, from the one in which everything is masked. What all
   * checks then find in it still counts.
   */
  finish?(value: JsonValue, context: InspectionContext, report: (finding: ValueFinding) => void): JsonValue;
}

/** What an inspector looks for and what it does about it. */
export interface InspectionRules {
  /** For a kind, what is done about its findings; default {@link DEFAULT_TREATMENTS}. */
  readonly treatments?: Partial<Readonly<Record<FindingKind, Treatment>>>;
  /** For a class within a kind (`password` of secrets; `card`, `email`, … of personal data), what is done instead. */
  readonly categories?: Readonly<Record<string, Treatment>>;
  /** Checks of whole values, in order; default none. */
  readonly checks?: readonly ValueCheck[];
  /** What texts are searched by; default the standard detectors. */
  readonly detectors?: readonly Detector[];
  /** How much work a message may cost. */
  readonly fuel?: Partial<FuelLimits>;
  /** How many findings are told of; further ones are counted and treated. Default 1,000, at least 1. */
  readonly maxFindings?: number;
  /** Levels of nesting, default 10,000; what nests deeper is quarantined. */
  readonly maxDepth?: number;
}

/** About the message that is inspected. */
export interface InspectionContext {
  readonly surface: Surface;
  /** Set for the result of a tool, whose shape and size rules bound. */
  readonly tool?: {
    /** The tool's own output schema, as the server listed it. */
    readonly outputSchema?: JsonObject;
    /** The member of the message that is the result; default: the message itself. */
    readonly member?: string;
  };
}

/** What is done where rules say nothing: invisible text and secrets go, instruction-like text is withheld, people's data stays. */
export const DEFAULT_TREATMENTS: Readonly<Record<FindingKind, Treatment>> = Object.freeze({
  shape: 'reject',
  size: 'quarantine',
  invisible: 'redact',
  secrets: 'redact',
  pii: 'off',
  instructions: 'quarantine',
  links: 'flag',
  custom: 'quarantine',
});

/** Classes within `secrets`; all others are within `pii`. */
const SECRET_CLASSES: ReadonlySet<string> = new Set(['password']);

/** Rules with every default in place. */
export interface CompiledRules {
  readonly treatments: Readonly<Record<FindingKind, Treatment>>;
  readonly categories: ReadonlyMap<string, Treatment>;
  readonly checks: readonly ValueCheck[];
  readonly detectors: readonly Detector[];
  readonly fuel: FuelLimits;
  readonly maxFindings: number;
  readonly maxDepth: number;
}

/**
 * Rules, checked, with every default in place.
 *
 * @throws {TypeError} for a treatment it does not know
 * @throws {RangeError} for a bound out of range
 */
export function compileRules(rules: InspectionRules & Required<Pick<InspectionRules, 'detectors'>>): CompiledRules {
  const treatments = { ...DEFAULT_TREATMENTS, ...rules.treatments };
  const categories = new Map(Object.entries(rules.categories ?? {}));
  for (const [name, treatment] of [...Object.entries(treatments), ...categories]) {
    if (!TREATMENTS.includes(treatment)) {
      throw new TypeError(`treatments.${name}: expected one of ${TREATMENTS.join(', ')}`);
    }
  }
  const kindsOn = new Set(
    [...categories].flatMap(([name, treatment]) =>
      treatment === 'off' ? [] : [SECRET_CLASSES.has(name) ? 'secrets' : 'pii'],
    ),
  );
  const wanted = ({ kind }: Detector): boolean => treatments[kind] !== 'off' || kindsOn.has(kind);
  return {
    treatments,
    categories,
    checks: rules.checks ?? [],
    detectors: rules.detectors.filter(wanted),
    fuel: {
      base: bound('fuel.base', rules.fuel?.base ?? DEFAULT_FUEL.base, 0),
      perUnit: bound('fuel.perUnit', rules.fuel?.perUnit ?? DEFAULT_FUEL.perUnit, 1),
    },
    maxFindings: bound('maxFindings', rules.maxFindings ?? 1000, 1),
    maxDepth: bound('maxDepth', rules.maxDepth ?? 10_000, 1),
  };
}

function bound(name: string, value: number, minimum: number): number {
  if (Number.isSafeInteger(value) && value >= minimum) return value;
  throw new RangeError(`${name}: expected an integer of at least ${minimum}`);
}
