import type { HistoryView } from '@callgate/policy';

/** A history, and the ids of the controls that it was asked about. */
export interface AskedHistory extends HistoryView {
  readonly asked: ReadonlySet<string>;
}

/** Asks `history`, and keeps whom it was asked about. */
export function askedHistory(history: HistoryView): AskedHistory {
  const asked = new Set<string>();
  return {
    asked,
    judge(control, call) {
      asked.add(control.id);
      return history.judge(control, call);
    },
  };
}
