/** What a class of drift is. */
interface DriftClassRow {
  /** A client that was written for what is pinned can fail; also where that cannot be told. */
  readonly breaking: boolean;
  /** What a policy does about it that says nothing; null: always withheld. */
  readonly choice: DriftChoice | null;
  /** What it finds, after "Finds". */
  readonly finds: string;
}

/**
 * What to do about a drift. It is recorded, whatever is chosen.
 *
 * - `allow`: listed as it is now, calls go on
 * - `hold`: listed as it is now, each call needs an approval
 * - `deny`: listed as it is now, calls are denied
 * - `withhold`: not listed, calls are denied
 */
export type DriftChoice = 'allow' | 'hold' | 'deny' | 'withhold';

/** A class of drift. The ids are stable. */
export type DriftClass =
  | 'wording'
  | 'schema-narrowed'
  | 'schema-widened'
  | 'schema-changed'
  | 'required-added'
  | 'optional-added'
  | 'removed-property'
  | 'annotation-relaxed'
  | 'annotation-flip'
  | 'output-changed'
  | 'added'
  | 'removed'
  | 'renamed'
  | 'instructions-changed'
  | 'identity-changed'
  | 'protocol-changed'
  | 'capabilities-changed'
  | 'server-info-changed'
  | 'other'
  | 'unseen'
  | 'duplicate'
  | 'revoked';

/** Every class of drift. */
export const DRIFT_CLASSES: Readonly<Record<DriftClass, DriftClassRow>> = {
  wording: row(false, 'withhold', 'text, icons, defaults or examples that differ: what a model reads'),
  'schema-narrowed': row(true, 'withhold', 'an input schema that takes less'),
  'schema-widened': row(false, 'withhold', 'an input schema that takes more'),
  'schema-changed': row(true, 'withhold', 'an input schema whose change is neither shown to narrow nor to widen'),
  'required-added': row(true, 'withhold', 'an argument that has to be given now'),
  'optional-added': row(false, 'withhold', 'an argument that may be given now'),
  'removed-property': row(true, 'withhold', 'an argument that is gone'),
  'annotation-relaxed': row(false, 'withhold', 'a hint that makes a tool look safer than it did'),
  'annotation-flip': row(false, 'withhold', 'a hint that makes a tool look no safer'),
  'output-changed': row(true, 'withhold', 'another output schema'),
  added: row(false, 'withhold', 'something that nobody approved'),
  removed: row(true, 'deny', 'something approved that is not advertised any more'),
  renamed: row(true, 'withhold', 'something added that is, or nearly is, something removed'),
  'instructions-changed': row(false, 'withhold', 'other instructions of the server'),
  'identity-changed': row(true, 'withhold', 'another server, or one whose pinned identity was not verified'),
  'protocol-changed': row(false, 'allow', 'another version of the protocol'),
  'capabilities-changed': row(false, 'allow', 'other capabilities of the server'),
  'server-info-changed': row(false, 'allow', 'another version, title or icon of the server'),
  other: row(true, 'withhold', 'any other member of a definition that differs'),
  unseen: row(false, 'deny', 'something approved of a kind that has not been listed yet'),
  duplicate: row(true, null, 'a name that is advertised twice, or something that cannot be pinned'),
  revoked: row(true, null, 'a digest that was revoked'),
};

/** Classes that no policy can choose about: what is revoked or ambiguous is withheld. */
type FixedClass = 'duplicate' | 'revoked';

/** What to do about each class; a class that is left out has the choice of {@link DRIFT_CLASSES}. */
export type DriftPolicy = Readonly<Partial<Record<Exclude<DriftClass, FixedClass>, DriftChoice>>>;

/** What `policy` does about `driftClass`. */
export function choiceOf(policy: DriftPolicy, driftClass: DriftClass): DriftChoice {
  if (driftClass === 'duplicate' || driftClass === 'revoked') return 'withhold';
  return policy[driftClass] ?? DRIFT_CLASSES[driftClass].choice ?? 'withhold';
}

function row(breaking: boolean, choice: DriftChoice | null, finds: string): DriftClassRow {
  return { breaking, choice, finds };
}
