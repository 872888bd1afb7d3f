import { createMemorySink, openLedger } from '../../src/index.ts';
import { decisionEntry, outcomeEntry } from './entries.ts';
const ledger = await openLedger({ sink: createMemorySink({ maxRecords: 1000 }), clock: { now: () => 1 }, id: 'l' });
for (const [name, make] of [['decision', decisionEntry], ['outcome', outcomeEntry]] as const) {
  const samples: number[] = [];
  for (let round = 0; round < 60; round += 1) {
    const entries = Array.from({ length: 2000 }, (_, i) => make(`req_${round}_${i}`));
    const start = performance.now();
    for (const entry of entries) ledger.append(entry);
    samples.push(((performance.now() - start) / 2000) * 1000);
    await ledger.flush();
  }
  samples.sort((a, b) => a - b);
  console.log(name, samples[30]?.toFixed(2), 'µs');
}
console.log(ledger.health());
