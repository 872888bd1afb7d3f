import { writeSync } from 'node:fs';
import { flushCompileCache } from 'node:module';

import { AuditError, LedgerLockedError, createFileSink, openLedger, type Ledger } from '../../src/index.ts';
import { decisionEntry } from './entries.ts';

// Run as a process of its own: child.ts <hold|append> <directory>

const [, , mode, directory = ''] = process.argv;
const clock = { now: (): number => Date.now() };

function say(text: string): void {
  writeSync(1, `${text}\n`);
}

async function open(): Promise<Ledger | undefined> {
  try {
    return await openLedger({ sink: createFileSink({ directory, clock, segmentBytes: 60_000 }), clock, id: 'l' });
  } catch (error) {
    say(
      error instanceof LedgerLockedError
        ? `locked ${error.pid}`
        : error instanceof AuditError
          ? error.code
          : String(error),
    );
    return undefined;
  }
}

/** Acknowledges each record once it is durable, as fast as it goes, until killed. */
async function appendForever(ledger: Ledger): Promise<never> {
  for (let index = 0; ; index += 1) {
    const seqs = Array.from({ length: 1 + (index % 5) }, () => ledger.append(decisionEntry(`${process.pid}-${index}`)));
    await ledger.durable(seqs.at(-1) ?? 0);
    for (const seq of seqs) say(`durable ${seq} ${process.pid}-${index}`);
  }
}

const ledger = await open();
if (ledger !== undefined) {
  // What is killed writes no cache at its end.
  flushCompileCache();
  say('open');
  if (mode === 'append') await appendForever(ledger);
  // holds the ledger until its standard input ends
  process.stdin.resume();
  process.stdin.on('end', () => void ledger.close());
}
