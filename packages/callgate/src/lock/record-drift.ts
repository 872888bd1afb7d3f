import type { DefinitionEntry } from '@callgate/audit';
import { digest, excerpt, type Digest } from '@callgate/canonical';
import type { CheckedItem, ManifestCheck, Verdict } from '@callgate/registry/lock';

import type { Link } from '../connection/link.ts';

/** A record has a bounded size, and a server as many items as it likes. */
const RECORDED_DRIFTS = 1_000;
const SHOWN_NAME_LENGTH = 128;

type RecordedDrift = NonNullable<DefinitionEntry['drifts']>[number];

/** What was last recorded of a connection; the same once more is no news. */
const recorded = new WeakMap<Link, Digest>();
const NOTHING = digest('[]');

/** Records and announces how a server differs from the lock, where that is not what was recorded last. */
export function recordDrift(link: Link, check: ManifestCheck, isEnforced: boolean): void {
  const drifts = [...ofServer(check), ...check.items.filter(isTelling).map(recordOf)];
  const news = digest(JSON.stringify(drifts));
  if (news === (recorded.get(link) ?? NOTHING)) return;
  recorded.set(link, news);
  const { clock, evidence, events } = link.gate;
  const withheld = drifts.filter(({ then }) => then !== 'allow').length;
  evidence.note({
    kind: 'definition',
    time: clock.now(),
    server: link.serverName,
    event: withheld > 0 && isEnforced ? 'rejected' : drifts.length > 0 ? 'changed' : 'listed',
    manifest: link.definitions.manifest,
    tools: [],
    code: drifts.length === 0 ? null : check.isLocked ? 'manifest.drifted' : 'manifest.unlocked',
    drifts: drifts.slice(0, RECORDED_DRIFTS),
  });
  const classes = [...new Set(drifts.flatMap((drift) => drift.classes))].toSorted();
  events.emit('definition-drifted', { server: link.serverName, drifted: drifts.length, withheld, classes });
}

function ofServer({ server, serverDrifts, uncovered }: ManifestCheck): readonly RecordedDrift[] {
  if (serverDrifts.length === 0) return [];
  const classes = [...new Set(serverDrifts.map((drift) => drift.class))].toSorted();
  return [{ kind: 'server', name: server, digest: null, classes, then: choiceOf(uncovered) }];
}

/** What was not listed yet is no difference. */
function isTelling({ drifts }: CheckedItem): boolean {
  return drifts.some((drift) => drift.class !== 'unseen');
}

function recordOf({ kind, name, seen, drifts, verdict }: CheckedItem): RecordedDrift {
  const classes = [...new Set(drifts.map((drift) => drift.class))].toSorted();
  return { kind, name: excerpt(name, SHOWN_NAME_LENGTH), digest: seen, classes, then: choiceOf(verdict) };
}

function choiceOf({ list, call }: Verdict): RecordedDrift['then'] {
  return list === 'withhold' ? 'withhold' : call;
}
