/** What the bottom of every call costs: `node --conditions=@callgate/source packages/canonical/bench/canonical.ts`. */
import { canonicalize, clonePlain, createIdSource, digestJson } from '@callgate/canonical';
import { canonicalize as library } from 'json-canonicalize';

const text = 'a line of plain result text that is ordinary '.repeat(23);
const values: Readonly<Record<string, unknown>> = {
  'two-field arguments': { region: 'us-east', limit: 25 },
  '1 KB text result': { content: [{ type: 'text', text }], isError: false },
  '25 rows': { rows: Array.from({ length: 25 }, (_, id) => ({ id, name: `n${id}`, email: `e@x${id}` })) },
  '1,000 numbers': Array.from({ length: 1000 }, (_, index) => index),
};

/** The quickest of many short runs, in nanoseconds an operation: what the code costs, not what else the machine does. */
function quickest(work: () => unknown): number {
  const operations = 500;
  let best = Infinity;
  const deadlineMs = performance.now() + 700;
  while (performance.now() < deadlineMs) {
    const startedMs = performance.now();
    for (let count = 0; count < operations; count += 1) work();
    best = Math.min(best, performance.now() - startedMs);
  }
  return (best * 1e6) / operations;
}

function show(name: string, work: () => unknown): void {
  console.log(`${name.padEnd(44)} ${(quickest(work) / 1000).toFixed(2).padStart(8)} µs`);
}

for (const [name, value] of Object.entries(values)) {
  const copy = clonePlain(JSON.parse(JSON.stringify(value)));
  show(`clonePlain, ${name}`, () => clonePlain(value));
  show(`canonicalize, ${name}`, () => canonicalize(copy));
  show(`  json-canonicalize alone, ${name}`, () => library(copy));
  show(`digestJson, ${name}`, () => digestJson(copy));
}
show(
  'id',
  createIdSource('', (bytes) => crypto.getRandomValues(bytes)),
);
