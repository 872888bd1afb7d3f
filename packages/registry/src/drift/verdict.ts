import { choiceOf, type DriftChoice, type DriftClass, type DriftPolicy } from './drift-class.ts';

/** What listing an item and calling it come to. */
export interface Verdict {
  readonly list: 'show' | 'withhold';
  readonly call: 'allow' | 'hold' | 'deny';
  /** The classes of drift that decided, sorted; empty where nothing drifted. */
  readonly classes: readonly DriftClass[];
}

const VERDICTS: Readonly<Record<DriftChoice, Pick<Verdict, 'list' | 'call'>>> = {
  allow: { list: 'show', call: 'allow' },
  hold: { list: 'show', call: 'hold' },
  deny: { list: 'show', call: 'deny' },
  withhold: { list: 'withhold', call: 'deny' },
};

const STRICTNESS: readonly DriftChoice[] = ['allow', 'hold', 'deny', 'withhold'];

/** The strictest of what a policy chooses about these classes; their order does not matter. Without any: shown and allowed. */
export function verdictOn(classes: Iterable<DriftClass>, policy: DriftPolicy): Verdict {
  const found = [...new Set(classes)].toSorted();
  const strictest = found
    .map((one) => choiceOf(policy, one))
    .reduce<DriftChoice>((a, b) => (STRICTNESS.indexOf(a) < STRICTNESS.indexOf(b) ? b : a), 'allow');
  return { ...VERDICTS[strictest], classes: found };
}
