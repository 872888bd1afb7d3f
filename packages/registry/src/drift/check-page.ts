import type { Lock } from '../lock/lock.ts';
import type { ItemKind, ManifestItem } from '../manifest/manifest.ts';
import type { ManifestCheck } from './check-manifest.ts';
import type { DriftClass, DriftPolicy } from './drift-class.ts';
import { classifyDrift } from './item-drift.ts';
import { verdictOn, type Verdict } from './verdict.ts';

/**
 * The verdicts on the items of one page, before the rest of the listing is there; by name. What only all of it can show is taken at its
 * strictest: an item that is not pinned may be one that was renamed. Pure.
 *
 * @param check of the same server, without this listing
 */
export function checkPage(
  lock: Lock,
  check: ManifestCheck,
  kind: ItemKind,
  items: readonly ManifestItem[],
  policy: DriftPolicy = {},
): ReadonlyMap<string, Verdict> {
  if (!check.covers.includes(kind)) return new Map(items.map(({ name }) => [name, check.uncovered]));
  const revoked = new Set(lock.revoked.map(({ digest }) => digest));
  const locked = lock.servers.find(({ name }) => name === check.server);
  const pinned = new Map(
    (locked?.pinned ?? []).filter((item) => item.kind === kind).map((item) => [item.name, item] as const),
  );
  const verdicts = new Map<string, Verdict>();
  for (const item of items) {
    const known = pinned.get(item.name);
    const classes: DriftClass[] = [...check.uncovered.classes];
    if (known === undefined) classes.push('added', ...(locked === undefined ? [] : (['renamed'] as const)));
    else classes.push(...classifyDrift(known, item).map((drift) => drift.class));
    if ([item.digest, known?.digest].some((digest) => digest !== undefined && revoked.has(digest)))
      classes.push('revoked');
    verdicts.set(item.name, verdictOn(classes, policy));
  }
  return verdicts;
}
