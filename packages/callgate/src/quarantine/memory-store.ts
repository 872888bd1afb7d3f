import type { QuarantineEntry } from './quarantined-item.ts';
import type { QuarantineStore, SealedItem } from './store.ts';

/** A quarantine that goes with the process. It answers at once. */
export function createMemoryQuarantine(): QuarantineStore {
  const items = new Map<string, { readonly kept: SealedItem; readonly state: QuarantineEntry['state'] }>();
  const move = (id: string, from: QuarantineEntry['state'], to: QuarantineEntry['state']): boolean => {
    const found = items.get(id);
    if (found?.state !== from) return false;
    items.set(id, { kept: found.kept, state: to });
    return true;
  };
  return {
    put: (kept) => {
      items.set(kept.item.id, { kept, state: 'held' });
    },
    read: (id) => {
      const found = items.get(id);
      return found?.state === 'held' ? found.kept : undefined;
    },
    list: () => Array.from(items.values(), ({ kept, state }) => ({ ...kept.item, state })),
    claim: (id) => move(id, 'held', 'released'),
    unclaim: (id) => {
      move(id, 'released', 'held');
    },
    forget: (id) => {
      const found = items.get(id);
      if (found !== undefined) items.set(id, { ...found, kept: { item: found.kept.item, sealed: NOTHING } });
    },
    remove: (id) => {
      items.delete(id);
    },
  };
}

const NOTHING = new Uint8Array();
