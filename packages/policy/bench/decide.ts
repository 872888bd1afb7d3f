// Times `decide` on policies of growing size: node --conditions=@callgate/source packages/policy/bench/decide.ts
import { compilePolicy, decide, type Call, type CompiledPolicy, type ToolDocument } from '../src/index.ts';

const BATCH = 200;
const BATCHES = 1500;
const DENIED_BATCHES = 100;

const TOOL: ToolDocument = {
  ring: 1,
  who: { roles: ['support'] },
  arguments: {
    region: { enum: ['us-east', 'us-west'] },
    ticket: { type: 'string', maxLength: 16 },
    limit: { type: 'integer', minimum: 1, maximum: 25 },
    fields: { type: 'array', items: { enum: ['name', 'email', 'support_notes'] }, maxItems: 8, optional: true },
  },
};

function policyOf(tools: number, tool: ToolDocument): CompiledPolicy {
  const names = Array.from({ length: tools }, (_, index) => [`tool.${index}`, tool] as const);
  return compilePolicy({
    callgate: 1,
    name: 'bench',
    version: '1',
    servers: { inventory: { tools: Object.fromEntries(names) } },
  });
}

function callOf(tool: number, args: object): Call {
  return Object.freeze({
    server: 'inventory',
    direction: 'client-to-server',
    method: 'tools/call',
    params: { name: `tool.${tool}`, arguments: { ...args } },
    principal: { user: 'u-17', roles: ['support'] },
  });
}

const ALLOWED = { region: 'us-east', ticket: 'T-12345', limit: 25, fields: ['name', 'email'] };
const DENIED = { region: '*', ticket: 'T-12345', limit: 10_000, everything: true };

function measure(title: string, policy: CompiledPolicy, calls: readonly Call[], batches = BATCHES): void {
  const times: number[] = [];
  const rounds = Math.ceil(BATCH / calls.length);
  let sink = 0;
  for (let batch = 0; batch < batches; batch += 1) {
    const start = performance.now();
    for (let round = 0; round < rounds; round += 1) {
      for (const call of calls) sink += decide(policy, call).obligations.timeoutMs;
    }
    times.push(((performance.now() - start) * 1e6) / (rounds * calls.length));
  }
  const sorted = times.slice(batches / 4).toSorted((left, right) => left - right);
  const at = (share: number): string => `${Math.round(sorted[Math.floor(sorted.length * share)] ?? 0)}`.padStart(6);
  process.stdout.write(`${title.padEnd(44)} p50 ${at(0.5)} ns  p99 ${at(0.99)} ns${sink < 0 ? '!' : ''}\n`);
}

for (const tools of [1, 10, 100, 1000]) {
  const calls = Array.from({ length: Math.min(tools, 1000) }, (_, index) => callOf(index, ALLOWED));
  measure(`allow, ${tools} tools`, policyOf(tools, TOOL), calls);
}
const patterned: ToolDocument = {
  ...TOOL,
  arguments: { ...(TOOL.arguments as object), ticket: { type: 'string', pattern: '^T-[0-9]{4,8}$', maxLength: 16 } },
};
measure(
  'allow with a pattern, 100 tools',
  policyOf(100, patterned),
  Array.from({ length: 100 }, (_, index) => callOf(index, ALLOWED)),
);
measure(
  'deny with 3 violations, 100 tools',
  policyOf(100, TOOL),
  Array.from({ length: 100 }, (_, index) => callOf(index, DENIED)),
  DENIED_BATCHES,
);
measure('deny an unknown tool, 1000 tools', policyOf(1000, TOOL), [callOf(5000, ALLOWED)], DENIED_BATCHES);
