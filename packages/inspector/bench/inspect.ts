/**
 * What inspecting costs, in CPU time: `node --conditions=@callgate/source packages/inspector/bench/inspect.ts`. With `--scan`: the pass
 * over the text alone, by keywords of the kind that detectors have.
 */
import { createInspector, type Inspector } from '../src/index.ts';
import { Fuel } from '../src/fuel.ts';
import { KeywordIndex } from '../src/scan/keyword-index.ts';
import { scanText } from '../src/scan/scan-text.ts';
import { INSPECTION_INPUTS } from './inspect-inputs.ts';

const UNITS = 131_072;
const ROUNDS = 15;
const KEYWORDS: readonly string[] =
  'password passwd api_key apikey secret token authorization bearer ignore disregard previous instructions system_prompt begin akia ghp_ xoxb- eyj0 sk_live http https mailto'
    .split(' ')
    .filter((word) => word.length >= 4);
// Through JSON, so that texts are stored as those of messages are.
const TOOL_RESULT = asReceived({
  content: [{ type: 'text', text: INSPECTION_INPUTS[0]?.make(900) ?? '' }],
  structuredContent: { id: 17, name: 'monster', habitat: 'northern ridge', isError: false },
  isError: false,
});

function asReceived<Value>(value: Value): Value {
  return JSON.parse(JSON.stringify(value)) as Value;
}

/** The median CPU time of a run, in milliseconds: what others do on the machine does not count. */
function cpuMs(run: () => void, times: number): number {
  const samples = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    for (let count = 0; count < times; count += 1) run();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1_000 / times;
  });
  return samples.toSorted((left, right) => left - right)[Math.floor(ROUNDS / 2)] ?? 0;
}

function searching(inspector: Inspector): (text: string) => void {
  return (text) => inspector.inspect(text, { surface: 'result' });
}

function scanning(): (text: string) => void {
  const index = new KeywordIndex([KEYWORDS]);
  return (text) => scanText(text, index, new Fuel({ base: Number.MAX_SAFE_INTEGER, perUnit: 1 }));
}

const read = process.argv.includes('--scan') ? scanning() : searching(createInspector());
const texts = INSPECTION_INPUTS.map(({ name, isCrafted, make }) => ({
  name,
  isCrafted,
  text: asReceived(make(UNITS)),
}));
// As in a host: many short texts, until all of it is compiled, and some long ones.
for (let count = 0; count < 500; count += 1) for (const { text } of texts) read(text.slice(count, count + 500));
for (let count = 0; count < 5; count += 1) for (const { text } of texts) read(text);
for (const { name, isCrafted, text } of texts) {
  const ms = cpuMs(() => read(text), 5);
  const rate = (text.length / 1e6 / (ms / 1_000)).toFixed(0).padStart(6);
  process.stdout.write(
    `${(isCrafted ? `crafted: ${name}` : name).padEnd(36)} ${ms.toFixed(3).padStart(9)} ms ${rate} M units/s\n`,
  );
}
const inspector = createInspector();
const ms = cpuMs(() => inspector.inspect(TOOL_RESULT, { surface: 'result' }), 2_000);
process.stdout.write(`${'a clean result of 1 KB'.padEnd(36)} ${(ms * 1_000).toFixed(2).padStart(9)} µs\n`);
