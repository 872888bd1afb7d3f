import { digest } from '@callgate/canonical';

import type { DecisionEntry, OutcomeEntry } from '../../src/index.ts';

const A_DIGEST = digest('a');

/** A decision entry of about 1 KB as a line, as a gate writes for an ordinary tool call. */
export function decisionEntry(request: string, changes: Partial<DecisionEntry> = {}): DecisionEntry {
  return {
    kind: 'decision',
    time: 1_700_000_000_000,
    request,
    run: 'ticket-4711',
    trace: { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: '00f067aa0ba902b7' },
    principal: PRINCIPAL,
    server: SERVER,
    direction: 'client-to-server',
    message: 'request',
    method: 'tools/call',
    target: 'inventory.lookup',
    definition: A_DIGEST,
    ring: 1,
    toolEffect: 'read',
    params: A_DIGEST,
    arguments: A_DIGEST,
    summary: { fields: ['region', 'limit'], region: 'us-east', limit: '10-100' },
    policy: POLICY,
    rules: RULES,
    effect: 'allow',
    would: null,
    wouldCode: null,
    observed: [],
    exceptions: [],
    stage: 'enforce',
    code: 'allowed',
    violations: [],
    interceptors: [],
    ...changes,
  };
}

export function outcomeEntry(request: string, changes: Partial<OutcomeEntry> = {}): OutcomeEntry {
  return {
    kind: 'outcome',
    time: 1_700_000_000_005,
    request,
    outcome: 'ok',
    code: null,
    durationMs: 4.5,
    response: { digest: A_DIGEST, bytes: 1024 },
    inspection: { verdict: 'pass', would: null, redactions: 0, rules: [] },
    summary: {},
    ...changes,
  };
}

const PRINCIPAL = Object.freeze({
  user: 'u-17',
  agent: 'agent:triage',
  tenant: 'acme',
  roles: Object.freeze(['support', 'warehouse']),
});
const SERVER = Object.freeze({
  name: 'inventory',
  trust: 'internal',
  identity: Object.freeze({ command: 'npx', args: Object.freeze(['-y', '@acme/inventory-mcp@1.4.2']) }),
  manifest: A_DIGEST,
} as const);
const POLICY = Object.freeze({ name: 'support-desk', version: '7', digest: A_DIGEST });
const RULES = Object.freeze([Object.freeze({ rule: 'servers.inventory.tools.lookup', line: 14 })]);
