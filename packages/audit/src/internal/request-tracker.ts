import type { InDoubt, RecordedGap } from '../verify-types.ts';
import type { RecordScanner } from './record-scanner.ts';

const MAX_OPEN = 100_000;

/** Far longer than the ids and names that gates write; in UTF-16 code units. */
const MAX_TEXT_LENGTH = 256;

/** Follows what records say about calls: which were allowed and never settled, and how many records were dropped. */
export class RequestTracker {
  readonly byKind = { decision: 0, outcome: 0, definition: 0, anomaly: 0, lifecycle: 0, gap: 0 };
  readonly byEffect = { allow: 0, deny: 0, hold: 0 };
  readonly gaps: RecordedGap[] = [];
  dropped = 0;
  complete = true;
  readonly #open = new Map<string, InDoubt>();
  readonly #maxGaps: number;

  constructor(maxGaps: number) {
    this.#maxGaps = maxGaps;
  }

  take(record: RecordScanner): void {
    this.byKind[record.kind] += 1;
    if (record.kind === 'decision') this.#takeDecision(record);
    else if (record.kind === 'outcome') this.#open.delete(record.request);
    else if (record.kind === 'gap') this.#takeGap(record);
  }

  /** Allowed requests without an outcome, in order. */
  inDoubt(max: number): { readonly listed: readonly InDoubt[]; readonly count: number } {
    return { listed: [...this.#open.values()].slice(0, max), count: this.#open.size };
  }

  #takeDecision(record: RecordScanner): void {
    if (record.effect !== null) this.byEffect[record.effect] += 1;
    if (record.effect !== 'allow' || !record.isRequest) return;
    const { request, method, target, seq } = record;
    if (this.#open.size >= MAX_OPEN || request.length > MAX_TEXT_LENGTH) {
      this.complete = false;
      return;
    }
    this.#open.set(request, { request, method: cut(method), target: target === null ? null : cut(target), seq });
  }

  #takeGap(record: RecordScanner): void {
    this.dropped += record.count;
    if (this.gaps.length < this.#maxGaps) {
      this.gaps.push({ seq: record.seq, count: record.count, code: cut(record.code ?? '') });
    }
  }
}

/** What a hostile ledger could make the report remember is bounded. */
function cut(text: string): string {
  return text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH)}…` : text;
}
