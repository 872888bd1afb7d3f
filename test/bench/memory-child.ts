/*
 * Makes calls in memory and reports the heap after collection at intervals, one JSON line each, for memory-run.ts.
 * Needs --expose-gc. Arguments: plain | governed, calls, calls between reports.
 */
import { createGate } from 'callgate';

import { LINKS_V1 } from './links/v1.ts';
import { benchPolicy } from './policy.ts';
import { governedBy } from './round-trips.ts';

const [mode, calls = '0', interval = '1'] = process.argv.slice(2);
const link = LINKS_V1.find(({ transport }) => transport === 'in-memory');
if (link === undefined || globalThis.gc === undefined)
  throw new TypeError('expected an in-memory link and --expose-gc');

const gate = await createGate({ policy: benchPolicy(100), ledger: 'memory' });
const client = await link.open(mode === 'governed' ? governedBy(gate) : (transport) => transport);
const started = performance.now();
for (let done = 0; done <= Number(calls); done += 1) {
  if (done % Number(interval) === 0) {
    // Twice: the first collection runs finalisers whose leavings the second takes.
    globalThis.gc();
    await new Promise((resolve) => setImmediate(resolve));
    globalThis.gc();
    const { heapUsed, external, rss } = process.memoryUsage();
    process.stdout.write(
      `${JSON.stringify({ calls: done, heapUsed, external, rss, elapsedMs: performance.now() - started })}\n`,
    );
  }
  await client.echo(1_024);
}
await client.close();
await gate.close();
