/**
 * The story of a governed call, told on real servers. Checks itself: exits with 1 when anything is not as told.
 *
 *   npm run demo
 *   npm run demo -- --format json     every event of the gate as a line of JSON
 */
import { parseArgs } from 'node:util';

import type { Gate, GateEventName } from 'callgate';

import { fileServer, misbehavingServer, poisonedAnswers, runawayAgent, twoReaders, twoServers } from './chapters.ts';
import { evidence } from './evidence.ts';
import { createScreen, createSilentScreen } from './screen.ts';
import { openStage } from './stage.ts';

const { format } = parseArgs({ options: { format: { type: 'string', default: 'pretty' } } }).values;
if (format !== 'pretty' && format !== 'json') {
  console.error('expected --format pretty or --format json');
  process.exit(2);
}

// Far beyond what the story takes: something hangs.
setTimeout(() => {
  console.error('expected the story to be told within 60 s');
  process.exit(1);
}, 60_000).unref();

const startedMs = performance.now();
const screen = format === 'json' ? createSilentScreen() : createScreen();
const stage = await openStage(screen);
if (format === 'json') printEvents(stage.gate);
try {
  screen.note('callgate: every message between an agent and its MCP servers is decided, recorded and inspected.');
  await twoServers(stage);
  await twoReaders(stage);
  await misbehavingServer(stage);
  await poisonedAnswers(stage);
  await runawayAgent(stage);
  await fileServer(stage);
  await stage.gate.close();
  await evidence(stage);
  screen.note(
    `\nEverything above was checked while it ran, in ${((performance.now() - startedMs) / 1000).toFixed(1)} s.`,
  );
} finally {
  await stage.close();
}

function printEvents(gate: Gate): void {
  const names: readonly GateEventName[] = [
    'call-decided',
    'call-settled',
    'anomaly',
    'definition-listed',
    'ledger-failed',
  ];
  for (const name of names) gate.on(name, (payload) => console.log(JSON.stringify({ event: name, ...payload })));
}
