import type { JsonValue } from '@callgate/canonical';

import type { Finding, FindingKind, Severity, Treatment } from '../finding.ts';
import type { Detector } from '../detector.ts';
import { Fuel, OutOfFuel } from '../fuel.ts';
import { NO_KEYWORDS } from '../scan/no-keywords.ts';
import { declaredText } from '../view/declared-text.ts';
import { StringWalk } from '../walk/string-walk.ts';
import { aroundEscapes } from './around-escapes.ts';
import { InspectionTally } from './inspection-tally.ts';
import type { Inspection } from './inspection.ts';
import { joinedContent } from './joined-content.ts';
import { MaskedValues } from './masked-values.ts';
import { maskText, type Edit } from './mask-text.ts';
import { placeholderOf } from './placeholder.ts';
import type { CompiledRules, InspectionContext, ValueFinding } from './rules.ts';
import { TextSearch, type PlacedMatch } from './search-text.ts';

/** Units of work after which an inspection lets others work. */
const TURN = 262_144;

/** Units that each string may cost beyond its length: what is done once for each. */
const STRING_ALLOWANCE = 16;

/** How often a string is read again after something in it was masked, until nothing is left to mask. */
const MASK_ROUNDS = 3;

/** Up to how many code units the place of a string costs nothing more: few are longer. */
const ORDINARY_POINTER = 256;
/** What each further code unit costs, in fuel, for each finding at the place: at most. */
const POINTER_COST = 4;

/** Sent into the steps: whether time has run out. */
export type Steps = Generator<undefined, Inspection, boolean | undefined>;

/** Inspects one message, step by step: whole value, strings, text over several content blocks, further copies of what was masked. */
export function* inspectionSteps(
  rules: CompiledRules,
  search: TextSearch,
  value: JsonValue,
  context: InspectionContext,
): Steps {
  const run = new MessageInspection(rules, search, context);
  return yield* run.steps(value);
}

class MessageInspection {
  readonly #rules: CompiledRules;
  readonly #search: TextSearch;
  readonly #context: InspectionContext;
  readonly #tally: InspectionTally;
  readonly #fuel: Fuel;
  #masked: MaskedValues | undefined;
  #nextTurn = TURN;

  constructor(rules: CompiledRules, search: TextSearch, context: InspectionContext) {
    this.#rules = rules;
    this.#search = search;
    this.#context = context;
    this.#tally = new InspectionTally(rules.maxFindings);
    this.#fuel = new Fuel(rules.fuel);
  }

  *steps(value: JsonValue): Steps {
    let result = value;
    try {
      result = this.#check(value);
      result = yield* this.#searchStrings(result);
      this.#searchAcross(result);
      result = yield* this.#maskCopies(result);
      result = this.#finish(result);
    } catch (error) {
      this.#fail(error);
    }
    return this.#tally.inspection(result, this.#fuel.used);
  }

  #check(value: JsonValue): JsonValue {
    let checked = value;
    for (const rule of this.#rules.checks) {
      const { kind } = rule;
      checked = rule.check(checked, this.#context, ({ treatment, ...finding }) => {
        if (treatment !== 'off') this.#tally.add({ ...WHOLE, kind, ...finding }, treatment);
        if (treatment === 'redact') this.#tally.redactions += 1;
      });
    }
    return checked;
  }

  /** Cuts what is to be cut, and checks what is left: a cut text may break what its schema says of it. */
  #finish(value: JsonValue): JsonValue {
    const { checks } = this.#rules;
    const tell = (kind: FindingKind, { treatment, ...finding }: ValueFinding): void => {
      if (treatment === 'quarantine' || treatment === 'reject')
        this.#tally.add({ ...WHOLE, kind, ...finding }, treatment);
    };
    const left = checks.reduce(
      (current, check) => check.finish?.(current, this.#context, (finding) => tell(check.kind, finding)) ?? current,
      value,
    );
    if (left !== value)
      for (const rule of checks) rule.check(left, this.#context, (finding) => tell(rule.kind, finding));
    return left;
  }

  *#searchStrings(value: JsonValue): Generator<undefined, JsonValue, boolean | undefined> {
    const { surface } = this.#context;
    const walk = new StringWalk(value);
    while (walk.next()) {
      const { text, label: field, part, isNumber } = walk;
      this.#fuel.allow(text.length + STRING_ALLOWANCE);
      if (walk.depth > this.#rules.maxDepth) throw new TooDeep();
      const decoded = declaredText(walk, this.#fuel);
      const matches = this.#search.search(text, { surface, field, part, isNumber }, this.#fuel, decoded);
      if (matches.length > 0) this.#treat(walk, matches);
      if (this.#fuel.used >= this.#nextTurn) yield* this.#turn();
    }
    return walk.result;
  }

  *#turn(): Generator<undefined, void, boolean | undefined> {
    this.#nextTurn = this.#fuel.used + TURN;
    if ((yield) === true) throw new OutOfTime();
  }

  #treat(walk: StringWalk, matches: readonly PlacedMatch[]): void {
    const { text, part } = walk;
    const pointer = this.#pointerOf(walk, matches.length);
    const edits: Edit[] = [];
    for (const found of matches) {
      const treatment = this.#treatmentOf(found);
      if (treatment === 'off') continue;
      const { match, detector, start, end, layers } = found;
      const { rule, severity, reason } = match;
      this.#tally.add({ rule, kind: detector.kind, severity, pointer, part, start, end, layers, reason }, treatment);
      if (treatment !== 'redact') continue;
      // A name cannot be masked: it says what the value is.
      if (part === 'name') this.#tally.raise('quarantine', rule);
      edits.push(editOf(found, text));
      this.#remember(found);
    }
    if (edits.length > 0 && part === 'value') walk.replace(walk.isNumber ? 0 : this.#mask(walk, edits));
  }

  /** Where the string is, as far as findings are told of. What they hold of long names is in proportion to the message. */
  #pointerOf(walk: StringWalk, findings: number): string {
    if (this.#tally.isFull) return '';
    const pointer = walk.pointer();
    this.#fuel.spend(Math.max(0, pointer.length - ORDINARY_POINTER) * Math.min(findings, POINTER_COST));
    return pointer;
  }

  /** A secret or a datum of a person is masked wherever it stands, also where nothing around it says what it is. */
  #remember({ match: { start, end, mask }, detector: { kind }, view }: PlacedMatch): void {
    if (kind !== 'secrets' && kind !== 'pii' && kind !== 'custom') return;
    this.#masked ??= new MaskedValues();
    this.#masked.add(view.slice(start, end), kind === 'secrets' ? undefined : mask);
  }

  /** Masks until nothing is left to mask: what is left may come together where something was taken out. */
  #mask(walk: StringWalk, edits: readonly Edit[]): string {
    const { label: field, part } = walk;
    const { surface } = this.#context;
    this.#tally.redactions += edits.length;
    let text = maskText(walk.text, edits);
    for (let round = 0; round < MASK_ROUNDS; round += 1) {
      this.#fuel.allow(text.length + STRING_ALLOWANCE);
      const edited = text;
      const left = this.#search.search(edited, { surface, field, part, isNumber: false }, this.#fuel);
      const more = left.filter((found) => this.#isToMask(found));
      if (more.length === 0) return text;
      this.#tally.redactions += more.length;
      for (const found of more) this.#remember(found);
      text = maskText(
        edited,
        more.map((found) => editOf(found, edited)),
      );
    }
    this.#tally.raise('quarantine', 'redaction.unfinished');
    return text;
  }

  /** Whether it is masked; where it is to be withheld, the whole is. */
  #isToMask(found: PlacedMatch): boolean {
    const treatment = this.#treatmentOf(found);
    if (treatment === 'quarantine' || treatment === 'reject') this.#tally.raise(treatment, found.match.rule);
    return treatment === 'redact';
  }

  #treatmentOf({ match, detector: { kind } }: PlacedMatch): Treatment {
    const { category, severity, isKept } = match;
    const own = category === undefined ? undefined : this.#rules.categories.get(category);
    const treatment = own ?? this.#rules.treatments[kind];
    const isShown = severity === 'low' || (isKept === true && treatment === 'redact');
    return isShown && treatment !== 'off' ? 'flag' : treatment;
  }

  /** Finds what begins in one content block and ends in another. It cannot be masked in one place, so it is withheld. */
  #searchAcross(value: JsonValue): void {
    const joined = joinedContent(value);
    if (joined === undefined) return;
    const { surface } = this.#context;
    this.#fuel.allow(joined.text.length + STRING_ALLOWANCE);
    const context = { surface, field: 'text', part: 'value', isNumber: false } as const;
    for (const found of this.#search.search(joined.text, context, this.#fuel)) {
      const { match, detector, start, end, layers } = found;
      const treatment = this.#treatmentOf(found);
      if (treatment === 'off' || !joined.isAcross(start, end)) continue;
      const { rule, severity, reason } = match;
      const finding = { rule, kind: detector.kind, severity, layers, reason };
      this.#tally.add(
        { ...WHOLE, ...finding, pointer: joined.pointer },
        treatment === 'redact' ? 'quarantine' : treatment,
      );
    }
  }

  /** Masks further copies of what was masked: servers repeat a text in `content` and in `structuredContent`. */
  *#maskCopies(value: JsonValue): Generator<undefined, JsonValue, boolean | undefined> {
    let result = value;
    for (let round = 0; round < MASK_ROUNDS; round += 1) {
      const masked = this.#masked;
      if (masked === undefined || masked.size === 0) return result;
      const { size } = masked;
      result = yield* this.#maskOnce(result, masked.detector());
      // What a copy was part of may be something by itself now, and have copies of its own.
      if (masked.size === size) return result;
    }
    this.#tally.raise('quarantine', 'redaction.unfinished');
    return result;
  }

  *#maskOnce(value: JsonValue, detector: Detector): Generator<undefined, JsonValue, boolean | undefined> {
    const { surface } = this.#context;
    const copies = new TextSearch([detector], NO_KEYWORDS);
    const walk = new StringWalk(value);
    while (walk.next()) {
      const { text, field, part, isNumber } = walk;
      this.#fuel.allow(text.length + STRING_ALLOWANCE);
      const decoded = declaredText(walk, this.#fuel);
      const found = copies.search(text, { surface, field, part, isNumber }, this.#fuel, decoded);
      if (found.length > 0) {
        const edits = found.map((copy) => editOf(copy, text));
        if (part === 'name') this.#tally.raise('quarantine', 'redaction.unfinished');
        else walk.replace(isNumber ? 0 : this.#mask(walk, edits));
      }
      if (this.#fuel.used >= this.#nextTurn) yield* this.#turn();
    }
    return walk.result;
  }

  #fail(error: unknown): void {
    this.#tally.add({ ...WHOLE, ...failureOf(error) }, 'quarantine');
  }
}

/** What masks a match in `text`. */
function editOf({ match, start, end }: PlacedMatch, text: string): Edit {
  return { ...aroundEscapes(text, start, end), mask: match.mask ?? placeholderOf(match.rule) };
}

class OutOfTime extends Error {}
class TooDeep extends Error {}

const WHOLE = { pointer: '', part: 'value', start: 0, end: 0, layers: [] } as const satisfies Partial<Finding>;

function failureOf(error: unknown): {
  readonly rule: string;
  readonly kind: FindingKind;
  readonly severity: Severity;
  readonly reason: string;
} {
  if (error instanceof OutOfFuel) {
    return {
      rule: 'budget.fuel',
      kind: 'size',
      severity: 'high',
      reason: 'it takes more work to inspect than is granted',
    };
  }
  if (error instanceof OutOfTime) {
    return {
      rule: 'budget.time',
      kind: 'size',
      severity: 'high',
      reason: 'it takes longer to inspect than is granted',
    };
  }
  if (error instanceof TooDeep) {
    return { rule: 'shape.depth', kind: 'shape', severity: 'high', reason: 'it nests deeper than is granted' };
  }
  // What was thrown may hold the text: nothing of it is told.
  return { rule: 'detector.failed', kind: 'custom', severity: 'high', reason: 'a detector failed on it' };
}
