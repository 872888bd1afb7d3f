/** What is done about a difference from the lock, from nothing to everything. */
export const DRIFT_CHOICES = ['allow', 'hold', 'deny', 'withhold'] as const;

/**
 * What is done about a difference between what a server advertises and what is locked: it is listed as it is now and calls go on, each
 * call needs an approval, calls are denied, or it is not listed either.
 */
export type DriftChoice = (typeof DRIFT_CHOICES)[number];

/**
 * Classes of drift that policy can choose about: those of `@callgate/registry`, which a test compares, but `duplicate` and `revoked`,
 * which are always withheld.
 */
export const DRIFT_RULES = [
  'wording',
  'schema-narrowed',
  'schema-widened',
  'schema-changed',
  'required-added',
  'optional-added',
  'removed-property',
  'annotation-relaxed',
  'annotation-flip',
  'output-changed',
  'added',
  'removed',
  'renamed',
  'instructions-changed',
  'identity-changed',
  'protocol-changed',
  'capabilities-changed',
  'server-info-changed',
  'other',
  'unseen',
] as const;

/** A class of drift that policy can choose about. */
export type DriftRule = (typeof DRIFT_RULES)[number];

/** What is done about each class of drift; every class is there. */
export type DriftRules = Readonly<Record<DriftRule, DriftChoice>>;

/** What is done where policy says nothing; the same as in `@callgate/registry`. */
export const DEFAULT_DRIFT_RULES: DriftRules = Object.freeze({
  wording: 'withhold',
  'schema-narrowed': 'withhold',
  'schema-widened': 'withhold',
  'schema-changed': 'withhold',
  'required-added': 'withhold',
  'optional-added': 'withhold',
  'removed-property': 'withhold',
  'annotation-relaxed': 'withhold',
  'annotation-flip': 'withhold',
  'output-changed': 'withhold',
  added: 'withhold',
  removed: 'deny',
  renamed: 'withhold',
  'instructions-changed': 'withhold',
  'identity-changed': 'withhold',
  'protocol-changed': 'allow',
  'capabilities-changed': 'allow',
  'server-info-changed': 'allow',
  other: 'withhold',
  unseen: 'deny',
});

/** The choices of one level over those of the level around it, class by class. Frozen. */
export function compileDrift(drift: Partial<DriftRules> | undefined, inherited: DriftRules): DriftRules {
  return drift === undefined ? inherited : Object.freeze({ ...inherited, ...drift });
}

/** Whether `stricter` lets through nothing that `than` does not. */
export function isDriftAsStrict(stricter: DriftRules, than: DriftRules): boolean {
  const strictness = (choice: DriftChoice): number => DRIFT_CHOICES.indexOf(choice);
  return DRIFT_RULES.every((name) => strictness(stricter[name]) >= strictness(than[name]));
}
