import type { Instant } from '@callgate/canonical';

import { withMember } from '../compare/object-members.ts';
import type { TextSearcher } from '../compare/text-search.ts';
import { samplesOf } from '../compare/value-samples.ts';
import type { ConditionInput } from '../conditions/condition.ts';
import { nearestPassing, withChanges } from '../conditions/nearest-passing.ts';
import { judgeRule } from '../rules/evaluate-rules.ts';
import type { Rule } from '../rules/rule.ts';
import { notAdmitted } from './fix-principal.ts';
import type { JudgedCall } from './judged-call.ts';
import { withArguments, withFact, type Situation } from './situation.ts';

const MAX_WAYS = 6;
const MAX_SAMPLES = 8;

/** Situations in which a rule that applies, or errs, has nothing to say: by its condition, by the time, by who acts, by values. */
export function silenced(
  rule: Rule,
  situation: Situation,
  judged: JudgedCall,
  texts: TextSearcher,
): readonly Situation[] {
  return [
    ...byCondition(rule, situation, judged.input),
    ...byTime(rule, situation, judged.input),
    ...rule.who.map((check) => notAdmitted(situation, check)),
    ...byValues(rule, situation, judged, texts),
  ];
}

function byCondition({ condition }: Rule, situation: Situation, input: ConditionInput): readonly Situation[] {
  if (condition === undefined) return [];
  return nearestPassing(condition, input, false)
    .slice(0, MAX_WAYS)
    .map((way) => {
      const changed = withChanges(input, way);
      const base = changed.arguments === input.arguments ? situation : withArguments(situation, changed.arguments);
      const { run: _, ...call } = base.call;
      return {
        call: { ...call, principal: changed.principal, ...(changed.run === undefined ? {} : { run: changed.run }) },
        now: changed.now,
      };
    });
}

const QUARTER_MS = 900_000;
const SEARCHED_QUARTERS = 8 * 24 * 4;

/** The first quarter of an hour within eight days in which the condition does not hold, where it reads the time. */
function byTime({ condition }: Rule, situation: Situation, input: ConditionInput): readonly Situation[] {
  const { now } = situation;
  if (condition?.readsNow !== true || now === undefined) return [];
  const start = Math.floor(now / QUARTER_MS) * QUARTER_MS;
  for (let quarter = 1; quarter <= SEARCHED_QUARTERS; quarter += 1) {
    const time: Instant = start + quarter * QUARTER_MS;
    if (condition.evaluate({ ...input, now: time }) === false) return [withFact(situation, 'now', time)];
  }
  return [];
}

/** Other values of single arguments that the envelopes accept, for what a condition or a pattern of resources leaves unsaid. */
function byValues(
  rule: Rule,
  situation: Situation,
  { entries, args, input, ruled }: JudgedCall,
  texts: TextSearcher,
): readonly Situation[] {
  if (rule.resources === undefined && rule.condition?.readsArguments !== true) return [];
  const found: Situation[] = [];
  for (const { envelope } of entries) {
    if (typeof envelope !== 'object') continue;
    for (const { name, value } of envelope.properties) {
      const silent = samplesOf(value, texts)
        .slice(0, MAX_SAMPLES)
        .map((sample) => withMember(args, name, sample))
        .find(
          (tried) => judgeRule(rule, { ...ruled, args: tried, input: { ...input, arguments: tried } }) === 'silent',
        );
      if (silent !== undefined) found.push(withArguments(situation, silent));
      if (found.length === MAX_WAYS) return found;
    }
  }
  return found;
}
