import { DRIFT_RULES, isDriftAsStrict, type DriftRules } from '../drift/drift-rules.ts';
import type { CountedChange } from './make-item.ts';
import { settingWords } from './setting-changes.ts';

/** How the choices about drift changed. They count by themselves: no call shows them. */
export function driftChanges(before: DriftRules, after: DriftRules): readonly CountedChange[] {
  const changed = DRIFT_RULES.filter((name) => before[name] !== after[name]);
  if (changed.length === 0) return [];
  const chosen = (rules: DriftRules): Readonly<Record<string, string>> =>
    Object.fromEntries(changed.map((name) => [name, rules[name]]));
  return [
    {
      key: 'drift',
      direction: isDriftAsStrict(after, before) ? 'narrowed' : 'widened',
      ...settingWords(chosen(before), chosen(after)),
      counts: true,
      narrows: isDriftAsStrict(before, after) ? 'no' : 'yes',
    },
  ];
}
