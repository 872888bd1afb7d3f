import { decide, type Call, type CompiledPolicy, type Decision, type Principal, type ServerIdentity } from 'callgate';

const support: Principal = { user: 'maria', agent: 'agent:support-1', roles: ['support'] };
const identities: Readonly<Record<string, ServerIdentity>> = {
  tickets: { command: 'npx', args: ['-y', '@acme/tickets-mcp@1.4.2'] },
  files: { command: 'npx', args: ['-y', '@modelcontextprotocol/server-filesystem@2026.8.31', '/srv/shared'] },
};

type Judged = Pick<Decision, 'effect' | 'code'>;

/** What the guide says its policy decides: the call, and the code expected. */
export function guideDecisions(
  policy: CompiledPolicy,
): readonly (readonly [what: string, judged: Judged, code: string])[] {
  const message = (
    server: string,
    direction: Call['direction'],
    method: string,
    params: object,
    principal = support,
  ): Judged => {
    const identity = identities[server];
    return decide(policy, {
      server,
      ...(identity === undefined ? {} : { identity }),
      direction,
      method,
      params: params as Record<string, never>,
      principal,
    });
  };
  const tool = (name: string, callArguments: object, principal = support, server = 'tickets'): Judged =>
    message(server, 'client-to-server', 'tools/call', { name, arguments: callArguments }, principal);
  const search = { queue: 'billing', text: 'late parcel', limit: 25 };
  const ticket = { queue: 'billing', title: 'late', customer: { id: 'C-1001', region: 'us-east' } };
  const refund = { order: 'O-123456', amount: 199.99 };
  const read = (path: string): Judged => tool('read_text_file', { path }, support, 'files');
  const ask = (method: string, params: object): Judged => message('assistant', 'server-to-client', method, params);
  const send = (method: string, params: object): Judged => message('handbook', 'client-to-server', method, params);
  const form = (name: string): object => ({
    message: 'please fill in',
    requestedSchema: { type: 'object', properties: { [name]: { type: 'string' } } },
  });
  return [
    ['a narrow search', tool('ticket.search', search), 'allowed'],
    ['a missing argument', tool('ticket.search', { text: search.text, limit: 25 }), 'arguments.envelope'],
    ['an unlisted argument', tool('ticket.search', { ...search, sort: 'asc' }), 'arguments.envelope'],
    ['a number as text', tool('ticket.search', { ...search, limit: '25' }), 'arguments.envelope'],
    ['a role and an agent', tool('ticket.close', { id: 'T-1234' }), 'allowed'],
    [
      'a role without an agent',
      tool('ticket.close', { id: 'T-1234' }, { roles: ['support'] }),
      'principal.not_allowed',
    ],
    ['nested data', tool('ticket.create', ticket), 'allowed'],
    [
      'unlisted nested data',
      tool('ticket.create', { ...ticket, customer: { ...ticket.customer, vip: true } }),
      'arguments.envelope',
    ],
    ['a path inside', read('/srv/shared/2026/notes of may.txt'), 'allowed'],
    ['a path that climbs', read('/srv/shared/../secret'), 'arguments.envelope'],
    ['a hidden file', read('/srv/shared/.env'), 'arguments.envelope'],
    ['a folder that begins alike', read('/srv/shared-not/notes.txt'), 'arguments.envelope'],
    ['a write that waits', tool('refund.create', refund), 'approval.required'],
    ['a write that may not wait', tool('refund.create', { ...refund, amount: 201 }), 'arguments.envelope'],
    ['ring 3', tool('queue.purge', { queue: 'test' }), 'approval.required'],
    ['a pattern', tool('ticket.get_history', { id: 'T-1234' }), 'allowed'],
    ['two patterns, one of which refuses', tool('ticket.get_internal', { id: 'T-1234' }), 'principal.not_allowed'],
    [
      'a restricted field',
      tool('customer.search', { region: 'us-east', limit: 1, fields: ['email'] }),
      'arguments.envelope',
    ],
    ['a tool under observation', tool('ticket.merge', {}), 'allowed'],
    ['a resource', send('resources/read', { uri: 'docs://handbook/returns/eu' }), 'allowed'],
    ['another resource', send('resources/read', { uri: 'docs://payroll/2026' }), 'resource.not_allowed'],
    ['a way around', send('resources/read', { uri: 'docs://handbook/../payroll' }), 'resource.not_allowed'],
    ['a prompt', send('prompts/get', { name: 'summarise', arguments: { page: 'returns' } }), 'allowed'],
    ['a completion', send('completion/complete', { ref: {}, argument: {} }), 'method.not_allowed'],
    ['a custom method', send('acme/reindex', { page: 'returns' }), 'allowed'],
    ['another custom method', send('acme/drop', {}), 'method.not_allowed'],
    ['sampling', ask('sampling/createMessage', { messages: [], maxTokens: 4000 }), 'allowed'],
    ['a form', ask('elicitation/create', form('shipping_city')), 'allowed'],
    ['a form that asks for a secret', ask('elicitation/create', form('password')), 'method.not_allowed'],
    [
      'an inner call',
      tool('call_tool', { name: 'weather', parameters: { city: 'Oslo' } }, support, 'toolbox'),
      'allowed',
    ],
    [
      'an inner call outside',
      tool('call_tool', { name: 'weather', parameters: { city: '*' } }, support, 'toolbox'),
      'arguments.envelope',
    ],
    [
      'an inner call of nothing',
      tool('call_tool', { name: 'shell', parameters: {} }, support, 'toolbox'),
      'tool.not_allowed',
    ],
  ];
}
