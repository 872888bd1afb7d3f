// Times `diffPolicies` on two policies of 1,000 tools: node --conditions=@callgate/source packages/policy/bench/diff.ts
import { compilePolicy, diffPolicies, type CompiledPolicy, type ToolDocument } from '../src/index.ts';

const TOOLS = 1000;
const ROUNDS = 5;

/** A tool of its own: no two have the same bounds, so that nothing found for one serves another. */
function toolOf(index: number, widening: number): ToolDocument {
  return {
    ring: 1,
    who: { roles: [`team-${index % 20}`, 'support'] },
    arguments: {
      region: { enum: ['us-east', 'us-west', `zone-${index}`] },
      ticket: { type: 'string', pattern: `^T${index}-[0-9]{4,8}$` },
      limit: { type: 'integer', minimum: 1, maximum: 25 + index + widening },
      fields: { type: 'array', items: { enum: ['name', 'email', 'support_notes'] }, maxItems: 8, optional: true },
      note: { type: 'string', maxLength: 40 + (index % 400), optional: true },
    },
  };
}

function policyOf(widen: (index: number) => number): CompiledPolicy {
  const names = Array.from({ length: TOOLS }, (_, index) => [`tool.${index}`, toolOf(index, widen(index))] as const);
  const patterns = Array.from({ length: 20 }, (_, index) => [`get_${index}_*`, toolOf(index, widen(index))] as const);
  return compilePolicy({
    callgate: 1,
    name: 'bench',
    version: '1',
    servers: { inventory: { tools: Object.fromEntries([...names, ...patterns]) } },
    rules: Array.from({ length: 20 }, (_, index) => ({
      id: `rule-${index}`,
      match: { tool: `tool.${index}*`, resources: { paths: [`/secret-${index}/**`] } },
      deny: true as const,
    })),
  });
}

function measure(title: string, widen: (index: number) => number): void {
  const before = policyOf(() => 0);
  const times: number[] = [];
  let items = 0;
  for (let round = 0; round < ROUNDS; round += 1) {
    const after = policyOf(widen);
    const start = performance.now();
    items = diffPolicies(before, after).items.length;
    times.push(performance.now() - start);
  }
  const sorted = times.toSorted((left, right) => left - right);
  const at = (index: number): string => `${Math.round(sorted[index] ?? 0)}`.padStart(6);
  process.stdout.write(`${title.padEnd(44)} median ${at(2)} ms  max ${at(4)} ms  ${items} differences\n`);
}

measure('equal', () => 0);
measure('10 of 1,000 tools widened', (index) => (index % 100 === 0 ? 1 : 0));
measure('10 of 1,000 tools narrowed', (index) => (index % 100 === 0 ? -1 : 0));
measure('all widened', () => 1);
measure('all narrowed', () => -1);
