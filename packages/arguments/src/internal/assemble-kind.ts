import type { JsonValue } from '@callgate/canonical';
import type { CompiledKind, Containment, KindProblem, NamedResource } from '@callgate/policy';

const MAX_SAMPLES = 64;
const MAX_PROBES = 128;
const MAX_REPAIRS = 16;
const MAX_PROBLEMS = 16;

/** What a kind says of itself; `facts` is what its compiled specification can be compared by. */
export interface KindParts<Facts> {
  readonly kind: string;
  readonly expected: string;
  readonly facts: Facts;
  check(value: JsonValue): readonly KindProblem[];
  /** Called with values that pass only. */
  canonical(value: JsonValue): JsonValue;
  /** Whether it is proved that what passes a kind with `facts` passes one with `outer` too. */
  isCoveredBy(outer: Facts): boolean;
  /** Values of which many pass: those that do become samples. */
  candidates(): Iterable<JsonValue>;
  /** More values at and beyond bounds. */
  beyond(): Iterable<JsonValue>;
  repair(value: JsonValue | undefined): Iterable<JsonValue>;
  /** Called with values that pass only. */
  readonly resources?: (value: JsonValue) => readonly NamedResource[];
}

/** Makes compiled kinds of one sort, and compares those that it made. */
export class KindAssembler<Facts> {
  readonly #facts = new WeakMap<CompiledKind, Facts>();

  assemble(parts: KindParts<Facts>): CompiledKind {
    const { resources } = parts;
    const check = (value: JsonValue): readonly KindProblem[] => parts.check(value).slice(0, MAX_PROBLEMS);
    const doesPass = (value: JsonValue): boolean => parts.check(value).length === 0;
    let samples: readonly JsonValue[] | undefined;
    let probes: readonly JsonValue[] | undefined;
    const compiled: CompiledKind = {
      kind: parts.kind,
      expected: parts.expected,
      check,
      canonical: (value) => (doesPass(value) ? parts.canonical(value) : undefined),
      isWithin: (other) => {
        const outer = this.#facts.get(other);
        if (outer !== undefined && parts.isCoveredBy(outer)) return 'yes';
        return shownOutside(compiled, other);
      },
      samples: () => (samples ??= distinct(parts.candidates(), MAX_SAMPLES, doesPass)),
      probes: () =>
        (probes ??= distinct([...compiled.samples(), ...parts.beyond(), ...parts.candidates()], MAX_PROBES)),
      repair: (value) => distinct(parts.repair(value), MAX_REPAIRS),
      ...(resources === undefined
        ? {}
        : { resources: (value: JsonValue) => (doesPass(value) ? resources(value) : []) }),
    };
    Object.freeze(compiled);
    this.#facts.set(compiled, parts.facts);
    return compiled;
  }
}

/** `no` where a known value passes one and not the other. */
function shownOutside(inner: CompiledKind, other: CompiledKind): Containment {
  const isShown = inner.probes().some((value) => inner.check(value).length === 0 && other.check(value).length > 0);
  return isShown ? 'no' : 'unknown';
}

function distinct(
  values: Iterable<JsonValue>,
  most: number,
  isKept: (value: JsonValue) => boolean = () => true,
): readonly JsonValue[] {
  const found = new Map<string, JsonValue>();
  for (const value of values) {
    if (found.size >= most) break;
    const key = JSON.stringify(value);
    if (!found.has(key) && isKept(value)) found.set(key, value);
  }
  return Object.freeze([...found.values()]);
}
