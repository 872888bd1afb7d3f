import { appendPointer } from '@callgate/canonical';

import type { DriftDocument } from '../document/types.ts';
import type { DriftRule } from '../drift/drift-rules.ts';
import type { Findings } from './findings.ts';

/** Classes of drift that a model reads, or that change what a call does. */
const TELLING: readonly DriftRule[] = [
  'wording',
  'schema-widened',
  'schema-changed',
  'required-added',
  'optional-added',
  'annotation-relaxed',
  'added',
  'renamed',
  'instructions-changed',
  'identity-changed',
  'other',
];

/** Looks at what is done about differences from the lock. */
export function lintDrift(
  subject: string,
  drift: DriftDocument | undefined,
  pointer: string,
  findings: Findings,
): void {
  for (const name of TELLING) {
    if (drift?.[name] !== 'allow') continue;
    const message = `of ${subject}, what differs from the lock in \`${name}\` goes on as if it were approved`;
    findings.add('drift-allowed', appendPointer(pointer, name), message, 'choose `hold`, `deny` or `withhold`');
  }
}
