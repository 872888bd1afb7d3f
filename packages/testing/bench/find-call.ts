// Times a search of 10,000 calls over 100 tools: node --conditions=@callgate/source packages/testing/bench/find-call.ts
import { compilePolicy, type ToolDocument } from '@callgate/policy';

import { findCall, type CallFilter } from '../src/index.ts';

const TOOLS = 100;
const CASES = 10_000;
const ROUNDS = 5;

function toolOf(index: number): ToolDocument {
  return {
    ring: 1,
    who: { roles: ['support', `team-${index % 7}`] },
    arguments: {
      region: { enum: ['us-east', 'us-west', `zone-${index}`] },
      limit: { type: 'integer', minimum: 1, maximum: 25 + index },
      ticket: { type: 'string', pattern: `^T${index}-[0-9]{4,8}$` },
      fields: { type: 'array', items: { enum: ['name', 'email'] }, maxItems: 3, optional: true },
    },
  };
}

const policy = compilePolicy({
  callgate: 1,
  name: 'bench',
  version: '1',
  servers: {
    shop: { tools: Object.fromEntries(Array.from({ length: TOOLS }, (_, index) => [`tool-${index}`, toolOf(index)])) },
  },
  rules: [
    { id: 'wide', deny: 'arguments.limit > 200' },
    { id: 'zones', match: { tool: 'tool-1*' }, hold: 'arguments.region == "us-west"' },
  ],
});

function measure(title: string, where: CallFilter): void {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const start = performance.now();
    const { found } = findCall(policy, { effect: 'allow', where, cases: CASES, seed: round });
    if (found !== undefined) throw new Error('expected nothing to be found, so that every case is tried');
    times.push(performance.now() - start);
  }
  const sorted = times.toSorted((left, right) => left - right);
  const at = (index: number): string => `${Math.round(sorted[index] ?? 0)}`.padStart(6);
  process.stdout.write(`${title.padEnd(44)} median ${at(2)} ms  max ${at(4)} ms\n`);
}

measure('a function', ({ arguments: { region } }) => region === '*');
measure('a condition that is not proved', 'arguments.ticket.startsWith("*")');
