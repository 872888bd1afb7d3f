import type { ResultDocument } from '../document/types.ts';
import type { Findings } from './findings.ts';

/** Looks at how results are inspected: what reaches the model as a server sent it. */
export function lintResult(
  subject: string,
  result: ResultDocument | undefined,
  pointer: string,
  findings: Findings,
): void {
  if (result === undefined) return;
  const what = result === 'off' ? 'is not inspected' : passing(result);
  if (what === undefined) return;
  findings.add('results-uninspected', pointer, `what ${subject} sends ${what}`, 'let it be inspected');
}

/** What passes that is stopped otherwise; undefined for nothing. */
function passing(result: Exclude<ResultDocument, 'off'>): string | undefined {
  if (result.instructions === 'pass' || result.instructions === 'flag') return 'may hold instructions to the model';
  const passed = new Set([...(result.pass ?? []), ...(result.flag ?? [])]);
  if (passed.has('secret')) return 'may hold secrets';
  if (passed.has('password')) return 'may hold passwords';
  return passed.has('invisible') ? 'may hold text that nobody sees' : undefined;
}
