import { appendPointer, excerpt } from '@callgate/canonical';

import type { Findings } from './findings.ts';
import { lookAlikeReason, skeletonOf } from './look-alike.ts';

/**
 * Looks at names that stand side by side: invisible or foreign characters in one, and pairs that are easily taken for each other.
 *
 * @param what what they name, in words
 */
export function lintNames(what: string, names: readonly string[], pointer: string, findings: Findings): void {
  const byFolded = new Map<string, string>();
  const bySkeleton = new Map<string, string>();
  for (const name of names) {
    const at = appendPointer(pointer, name);
    const shown = `${what} \`${excerpt(name)}\``;
    const [folded, skeleton] = [name.toLowerCase(), skeletonOf(name)];
    const [twin, likeness] = [byFolded.get(folded), bySkeleton.get(skeleton)];
    const reason = lookAlikeReason(name);
    if (reason !== undefined) {
      findings.add('name-look-alike', at, `${shown} ${reason}`, 'write it in plain letters, or remove it');
    } else if (twin !== undefined) {
      const message = `${shown} differs from \`${excerpt(twin)}\` only in case: they are two different names`;
      findings.add('names-differ-in-case', at, message, 'keep the one that is meant');
    } else if (likeness !== undefined) {
      const message = `${shown} looks like \`${excerpt(likeness)}\` beside it`;
      findings.add('name-look-alike', at, message, 'keep the one that is meant');
    }
    if (twin === undefined) byFolded.set(folded, name);
    if (likeness === undefined) bySkeleton.set(skeleton, name);
  }
}
