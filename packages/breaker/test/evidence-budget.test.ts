import { expect, test } from 'vitest';

import { EvidenceBudget } from '../src/flows/evidence-budget.ts';
import { fingerprintsOf } from '../src/flows/fingerprints.ts';
import { RunEvidence, sourceOf } from '../src/flows/run-evidence.ts';

function evidenceOf(text: string): RunEvidence {
  const evidence = new RunEvidence();
  evidence.add(sourceOf('read', ['private'], ['run'], fingerprintsOf([text]), new Set()));
  return evidence;
}

const TWENTY = 'abcdefghijklmnopqrstuvwxyz1';

test('beyond the budget the evidence that grew the longest ago is forgotten', () => {
  const budget = new EvidenceBudget(60);
  const [first, second, third, fourth] = [1, 2, 3, 4].map(() => evidenceOf(TWENTY)) as [
    RunEvidence,
    RunEvidence,
    RunEvidence,
    RunEvidence,
  ];
  for (const evidence of [first, second, third, first, fourth]) budget.changed(evidence);
  expect([first, second, third, fourth].map(({ grams }) => grams)).toStrictEqual([20, 0, 20, 20]);
});

test('what was lifted makes room', () => {
  const budget = new EvidenceBudget(40);
  const [first, second, third] = [1, 2, 3].map(() => evidenceOf(TWENTY)) as [RunEvidence, RunEvidence, RunEvidence];
  budget.changed(first);
  budget.changed(second);
  second.lift(() => undefined);
  budget.changed(second);
  budget.changed(third);
  expect([first, second, third].map(({ grams }) => grams)).toStrictEqual([20, 0, 20]);
});

test('one that is larger than the budget is not kept', () => {
  const budget = new EvidenceBudget(10);
  const evidence = evidenceOf(TWENTY);
  budget.changed(evidence);
  expect(evidence.grams).toBe(0);
});
