import { digest } from '@callgate/canonical';

import { AuditError } from './errors.ts';
import { openLedger } from './ledger.ts';
import type { Ledger } from './ledger-types.ts';
import type { LifecycleEntry } from './records.ts';
import type { AuditSink } from './sink.ts';
import { verifyLines } from './verify-ledger.ts';

/** One store under test. Sinks it makes one after another share what is stored, as a restarted gate does. */
export interface SinkStore {
  makeSink(): AuditSink;
  /** Every line stored, in order, without line feeds. */
  readLines(): Promise<readonly string[]>;
}

/** One promise of the sink contract. `run` rejects where the sink breaks it. */
export interface ContractCheck {
  /** A sentence about behaviour. */
  readonly name: string;
  run(): Promise<void>;
}

/**
 * What every {@link AuditSink} must do, as plain checks for any test runner. `makeStore` gives a new, empty store each time.
 *
 * @example
 * for (const { name, run } of auditSinkContract(makeStore)) it(name, run);
 */
export function auditSinkContract(makeStore: () => SinkStore | Promise<SinkStore>): readonly ContractCheck[] {
  return CHECKS.map(({ name, check }) => ({ name, run: async () => check(await makeStore()) }));
}

const CHECKS: readonly { readonly name: string; readonly check: (store: SinkStore) => Promise<void> }[] = [
  {
    name: 'a new store has no tail',
    check: async (store) => {
      const sink = store.makeSink();
      const { tail, tornBytes } = await sink.open();
      await sink.close();
      expectThat(tail === null && tornBytes === 0, 'expected no tail and no torn bytes');
    },
  },
  {
    name: 'lines are stored byte for byte in the order given',
    check: async (store) => {
      await withLedger(store.makeSink(), async (ledger) => {
        for (const text of ['plain', 'ünïcödé 👍', 'line\nfeed', '"quotes" \\', '']) ledger.append(entry(text));
        await ledger.flush();
      });
      const lines = await store.readLines();
      const report = await verifyLines(lines, { deep: true });
      expectThat(
        report.ok && report.records === 7,
        `expected 7 records that verify, got ${JSON.stringify(report.problems)}`,
      );
    },
  },
  {
    name: 'what write has resolved for can be read',
    check: async (store) => {
      await withLedger(store.makeSink(), async (ledger) => {
        for (let index = 0; index < 20; index += 1) {
          const seq = ledger.append(entry(`record ${index}`));
          await ledger.durable(seq);
          const lines = await store.readLines();
          expectThat(lines.length > seq, `expected record ${seq} among ${lines.length} lines`);
        }
      });
    },
  },
  {
    name: 'opening again gives the tail, and the chain goes on',
    check: async (store) => {
      for (let round = 0; round < 3; round += 1) {
        await withLedger(store.makeSink(), async (ledger) => void ledger.append(entry(`round ${round}`)));
      }
      const lines = await store.readLines();
      const sink = store.makeSink();
      const { tail } = await sink.open();
      await sink.close();
      expectThat(
        tail?.seq === 8 && tail.ledger === 'contract',
        'expected the tail to be record 8 of the first ledger id',
      );
      expectThat(tail?.digest === digest(lines.at(-1) ?? ''), "expected the last line's digest");
      expectThat((await verifyLines(lines)).ok, 'expected the chain to verify across three openings');
    },
  },
  {
    name: 'a store that is open is refused to a second sink',
    check: async (store) => {
      const first = store.makeSink();
      await first.open();
      const code = await codeOf(store.makeSink().open());
      await first.close();
      expectThat(code === 'CALLGATE_AUDIT_LOCKED', `expected CALLGATE_AUDIT_LOCKED, got ${code}`);
      const third = store.makeSink();
      await third.open();
      await third.close();
    },
  },
  {
    name: 'of many sinks opened at once exactly one gets the store',
    check: async (store) => {
      const sinks = Array.from({ length: 8 }, () => store.makeSink());
      const codes = await Promise.all(sinks.map((sink) => codeOf(sink.open())));
      const winners = codes.filter((code) => code === 'opened').length;
      await Promise.all(sinks.filter((_sink, index) => codes[index] === 'opened').map((sink) => sink.close()));
      expectThat(winners === 1, `expected one winner, got ${codes.join(', ')}`);
    },
  },
  {
    name: 'a sink that is not open takes nothing, and close is safe to call twice',
    check: async (store) => {
      const sink = store.makeSink();
      expectThat(
        (await codeOf(sink.write(['x']))) === 'CALLGATE_AUDIT_CLOSED',
        'expected CALLGATE_AUDIT_CLOSED before open',
      );
      await sink.open();
      await sink.close();
      await sink.close();
      expectThat(
        (await codeOf(sink.write(['x']))) === 'CALLGATE_AUDIT_CLOSED',
        'expected CALLGATE_AUDIT_CLOSED after close',
      );
      expectThat((await store.readLines()).length === 0, 'expected that nothing was stored');
    },
  },
  {
    name: 'a large batch is stored whole',
    check: async (store) => {
      await withLedger(store.makeSink(), async (ledger) => {
        for (let index = 0; index < 5000; index += 1) ledger.append(entry('x'.repeat(index % 300)));
        await ledger.flush();
      });
      const report = await verifyLines(await store.readLines());
      expectThat(report.ok && report.records === 5002, `expected 5002 records, got ${report.records}`);
    },
  },
];

function entry(text: string): LifecycleEntry {
  return { kind: 'lifecycle', time: 0, event: 'policy', detail: { text } };
}

async function withLedger(sink: AuditSink, use: (ledger: Ledger) => Promise<void>): Promise<void> {
  const ledger = await openLedger({ sink, clock: { now: () => 0 }, id: 'contract' });
  try {
    await use(ledger);
  } finally {
    await ledger.close();
  }
}

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return 'opened';
  } catch (error) {
    if (error instanceof AuditError) return error.code;
    throw error;
  }
}

function expectThat(condition: boolean, message: string): void {
  if (!condition) throw new Error(message);
}
