import type { Drift } from '@callgate/registry';

import type { ServerReport } from '../lock/drift-report.ts';

/** How servers drifted, for a program. */
export function driftJson(reports: readonly ServerReport[]): object {
  return {
    clean: reports.every(
      ({ isLocked, serverDrifts, drifted }) => isLocked && serverDrifts.length + drifted.length === 0,
    ),
    servers: reports.map(({ server, isLocked, itemCount, serverDrifts, drifted }) => ({
      server,
      locked: isLocked,
      items: itemCount,
      drifts: serverDrifts.map(driftOf),
      drifted: drifted.map(({ item, touches }) => ({
        kind: item.kind,
        name: item.name,
        renamedFrom: item.renamedFrom,
        pinned: item.pinned,
        seen: item.seen,
        list: item.verdict.list,
        call: item.verdict.call,
        drifts: item.drifts.map(driftOf),
        touches,
      })),
    })),
  };
}

function driftOf({ class: driftClass, breaking, pointer, before, after }: Drift): object {
  return { class: driftClass, breaking, pointer, before, after };
}
