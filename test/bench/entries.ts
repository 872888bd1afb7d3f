import { digestJson, type Digest } from '@callgate/canonical';
import type { AuditEntry } from '@callgate/audit';

const PLACEHOLDER: Digest = digestJson('a value');

/** The decision entry of an ordinary allowed call, as a gate writes it. */
export function decisionEntry(index: number): AuditEntry {
  return {
    kind: 'decision',
    time: 1_780_000_000_000 + index,
    request: `call-${index}`,
    run: 'bench',
    trace: { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' },
    principal: { user: 'u-17', agent: 'agent:bench', tenant: 'acme', roles: ['support'] },
    server: { name: 'bench', trust: 'internal', identity: null, manifest: PLACEHOLDER },
    direction: 'client-to-server',
    message: 'request',
    method: 'tools/call',
    target: 'inventory.lookup',
    definition: PLACEHOLDER,
    ring: 1,
    toolEffect: 'read',
    params: PLACEHOLDER,
    arguments: PLACEHOLDER,
    summary: { fields: { region: 'string 2-10', limit: '11-100' }, undeclared: 0 },
    policy: { name: 'bench', version: '1', digest: PLACEHOLDER },
    rules: [{ rule: '/servers/bench/tools/inventory.lookup', line: 12 }],
    effect: 'allow',
    would: null,
    wouldCode: null,
    observed: [],
    exceptions: [],
    stage: 'enforce',
    code: 'allowed',
    violations: [],
    interceptors: [],
  };
}

/** The outcome entry of that call. */
export function outcomeEntry(index: number): AuditEntry {
  return {
    kind: 'outcome',
    time: 1_780_000_000_002 + index,
    request: `call-${index}`,
    outcome: 'ok',
    code: null,
    durationMs: 2,
    response: { digest: PLACEHOLDER, bytes: 1_024 },
    inspection: null,
    summary: {},
  };
}
