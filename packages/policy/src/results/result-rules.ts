/** What is done about something that a result holds, from nothing to everything. */
export const RESULT_TREATMENTS = ['pass', 'flag', 'redact', 'quarantine', 'reject'] as const;

/**
 * What is done about something that a result holds: nothing, it is reported, it is masked in place, the result is withheld and kept, or
 * the result is refused and not kept.
 */
export type ResultTreatment = (typeof RESULT_TREATMENTS)[number];

/** What results are searched for, besides instruction-like text. */
export const RESULT_CLASSES = [
  'secret',
  'password',
  'invisible',
  'link',
  'email',
  'phone',
  'card',
  'iban',
  'national-id',
  'ip-address',
] as const;

/** One class of what results are searched for. */
export type ResultClass = (typeof RESULT_CLASSES)[number];

/** What content a tool's result may be made of, by the names of MCP. */
export const CONTENT_KINDS = ['text', 'image', 'audio', 'resource', 'resource_link', 'structured'] as const;

/** One kind of content. */
export type ContentKind = (typeof CONTENT_KINDS)[number];

/** How many entries an array may have. */
export interface RowLimit {
  /** JSON pointer into the structured content, or into the text where that is JSON. */
  readonly at: string;
  readonly max: number;
  /** What becomes of more: the rest is cut off and said so, or the result is withheld. */
  readonly then: 'trim' | 'quarantine' | 'reject';
}

/** What becomes of a result that is larger than policy accepts, from least to most. */
export const RESULT_OVER = ['truncate', 'quarantine', 'reject'] as const;

/** What becomes of a result that is larger than policy accepts: its longest texts are cut and say so, or it is withheld. */
export type ResultOver = (typeof RESULT_OVER)[number];

/** How results are inspected. Every key is set but those that policy says nothing about. */
export interface ResultRules {
  readonly classes: Readonly<Record<ResultClass, ResultTreatment>>;
  readonly instructions: ResultTreatment;
  /** The tool's own output schema must hold. */
  readonly matchesManifest: boolean;
  readonly content?: readonly ContentKind[];
  /** MIME types of pictures, sound and resources; `*` for any run of characters. */
  readonly mimeTypes?: readonly string[];
  readonly rows?: readonly RowLimit[];
  /** JSON pointers of scalars that may be told of a result that is withheld, where they are clean by themselves. */
  readonly release?: readonly string[];
  /** Estimated tokens of all text. */
  readonly maxTokens?: number;
  /** What becomes of a result with more; quarantined where policy says nothing. */
  readonly over?: ResultOver;
}

/**
 * What is done where policy says nothing: secrets and text that shows nothing are masked, instruction-like text is withheld, links
 * that carry data are reported, and people's data passes.
 */
export const DEFAULT_RESULT_RULES: ResultRules = Object.freeze({
  classes: Object.freeze({
    secret: 'redact',
    password: 'redact',
    invisible: 'redact',
    link: 'flag',
    email: 'pass',
    phone: 'pass',
    card: 'pass',
    iban: 'pass',
    'national-id': 'pass',
    'ip-address': 'pass',
  }),
  instructions: 'quarantine',
  matchesManifest: true,
});

/** The stricter of two treatments. */
function strictestTreatment(one: ResultTreatment, other: ResultTreatment): ResultTreatment {
  return RESULT_TREATMENTS.indexOf(one) >= RESULT_TREATMENTS.indexOf(other) ? one : other;
}

/** Rules that are at least as strict as each of two. */
export function strictestRules(one: ResultRules, other: ResultRules): ResultRules {
  if (one === other) return one;
  const classes = Object.fromEntries(
    RESULT_CLASSES.map((name) => [name, strictestTreatment(one.classes[name], other.classes[name])]),
  ) as Readonly<Record<ResultClass, ResultTreatment>>;
  const content = bothAllow(one.content, other.content);
  const mimeTypes = bothAllow(one.mimeTypes, other.mimeTypes);
  const release = one.release?.filter((pointer) => other.release?.includes(pointer)) ?? [];
  const rows = [...(one.rows ?? []), ...(other.rows ?? [])];
  const tokens = [one.maxTokens, other.maxTokens].filter((limit) => limit !== undefined);
  return Object.freeze({
    classes: Object.freeze(classes),
    instructions: strictestTreatment(one.instructions, other.instructions),
    matchesManifest: one.matchesManifest || other.matchesManifest,
    ...(content === undefined ? {} : { content }),
    ...(mimeTypes === undefined ? {} : { mimeTypes }),
    ...(release.length === 0 ? {} : { release: Object.freeze(release) }),
    ...(rows.length === 0 ? {} : { rows: Object.freeze(rows) }),
    ...(tokens.length === 0 ? {} : { maxTokens: Math.min(...tokens) }),
    ...strictestOver(one, other),
  });
}

/** Of rules that bound the size, the strictest that is said of what is larger. */
function strictestOver(one: ResultRules, other: ResultRules): Pick<ResultRules, 'over'> {
  const bounding = [one, other].filter(({ maxTokens }) => maxTokens !== undefined);
  const said = new Set(bounding.map(({ over = 'quarantine' }) => over));
  const over = RESULT_OVER.findLast((name) => said.has(name));
  return over === undefined || over === 'quarantine' ? {} : { over };
}

function bothAllow<Name extends string>(
  one: readonly Name[] | undefined,
  other: readonly Name[] | undefined,
): readonly Name[] | undefined {
  if (one === undefined) return other;
  return other === undefined ? one : Object.freeze(one.filter((name) => other.includes(name)));
}

/** Whether `stricter` lets through nothing that `than` does not. */
export function areRulesAsStrict(stricter: ResultRules, than: ResultRules): boolean {
  const isAs = (one: ResultTreatment, other: ResultTreatment): boolean => strictestTreatment(one, other) === one;
  return (
    RESULT_CLASSES.every((name) => isAs(stricter.classes[name], than.classes[name])) &&
    isAs(stricter.instructions, than.instructions) &&
    (stricter.matchesManifest || !than.matchesManifest) &&
    (stricter.release ?? []).every((pointer) => than.release?.includes(pointer) === true) &&
    isListWithin(stricter.content, than.content) &&
    isListWithin(stricter.mimeTypes, than.mimeTypes) &&
    (than.rows ?? []).every((limit) => (stricter.rows ?? []).some((own) => isRowWithin(own, limit))) &&
    (than.maxTokens === undefined ||
      (stricter.maxTokens !== undefined && stricter.maxTokens <= than.maxTokens && isOverAsStrict(stricter, than)))
  );
}

function isOverAsStrict(
  { over: stricter = 'quarantine' }: ResultRules,
  { over: than = 'quarantine' }: ResultRules,
): boolean {
  return RESULT_OVER.indexOf(stricter) >= RESULT_OVER.indexOf(than);
}

function isListWithin(inner: readonly string[] | undefined, outer: readonly string[] | undefined): boolean {
  return outer === undefined || (inner !== undefined && inner.every((name) => outer.includes(name)));
}

const ROW_STRENGTH: Readonly<Record<RowLimit['then'], number>> = { trim: 0, quarantine: 1, reject: 2 };

function isRowWithin(inner: RowLimit, outer: RowLimit): boolean {
  return inner.at === outer.at && inner.max <= outer.max && ROW_STRENGTH[inner.then] >= ROW_STRENGTH[outer.then];
}
