import type { CheckedItem, Drift } from '@callgate/registry';

import { allDrifts, type ServerReport, type Touch } from '../lock/drift-report.ts';
import { plural } from './words.ts';

/** What listing and calling an item come to, in words. */
export function verdictWords({ kind, verdict }: CheckedItem): string {
  const call = { allow: 'goes on', hold: 'held for approval', deny: 'denied' }[verdict.call];
  if (kind === 'handshake') return verdict.list === 'withhold' ? 'withheld' : call;
  return verdict.list === 'withhold' ? `withheld and ${call}` : call;
}

/** `required-added (breaking)`. */
export function classWords({ class: driftClass, breaking }: Drift): string {
  return breaking ? `${driftClass} (breaking)` : driftClass;
}

/** One line on a server. */
export function serverWords(report: ServerReport): string {
  const { drifted, serverDrifts, itemCount, isLocked } = report;
  if (!isLocked) return `not in the lock, with ${plural(itemCount, 'item')}`;
  const breaking = allDrifts(report).filter((drift) => drift.breaking).length;
  if (drifted.length === 0 && serverDrifts.length === 0) return `as approved, ${plural(itemCount, 'item')}`;
  const identity = serverDrifts.length > 0 ? 'not the server that was approved, ' : '';
  const what = `${drifted.length} of ${plural(itemCount, 'item')} drifted`;
  return `${identity}${what}${breaking > 0 ? `, ${plural(breaking, 'breaking change')}` : ''}`;
}

/** `callgate.yaml:12 /servers/files/tools/read`. */
export function touchWords(policy: string, { rule, line }: Touch): string {
  return `${policy}${line === null ? '' : `:${line}`} ${rule}`;
}
