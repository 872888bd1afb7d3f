import { appendPointer, excerpt } from '@callgate/canonical';

import type { PolicyDocument } from '../document/types.ts';
import type { Findings } from './findings.ts';

/** Looks at how the servers of a policy and those of a lock go together. */
export function lintLocked(document: PolicyDocument, locked: ReadonlySet<string>, findings: Findings): void {
  for (const name of Object.keys(document.servers)) {
    if (locked.has(name)) continue;
    const message = `server \`${name}\` is not in the lock: nobody approved what it offers`;
    findings.add('server-not-locked', appendPointer('/servers', name), message, 'lock it: `callgate lock`');
  }
  for (const name of locked) {
    if (Object.hasOwn(document.servers, name)) continue;
    const message = `server \`${excerpt(name)}\` is in the lock, and the policy does not name it`;
    findings.add('locked-not-in-policy', '/servers', message, 'add it to `servers`, or remove it from the lock');
  }
}
