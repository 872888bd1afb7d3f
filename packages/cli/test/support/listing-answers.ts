/** What a fake server lists. */
export interface Listed {
  readonly handshake?: object;
  readonly tools?: readonly object[];
  readonly prompts?: readonly object[];
  readonly resources?: readonly object[];
  readonly resourceTemplates?: readonly object[];
}

const PAGE = 2;

/** Its answer to a request, two items a page. */
export function answerTo(listed: Listed, method: string, cursor: string | undefined): object {
  if (method === 'initialize') {
    return {
      protocolVersion: '2025-11-25',
      capabilities: { tools: {}, prompts: {}, resources: {} },
      serverInfo: { name: 'fake', version: '1' },
      ...listed.handshake,
    };
  }
  const member = {
    'tools/list': 'tools',
    'prompts/list': 'prompts',
    'resources/list': 'resources',
    'resources/templates/list': 'resourceTemplates',
  }[method] as keyof Listed | undefined;
  if (member === undefined) return {};
  const items = (listed[member] ?? []) as readonly object[];
  const start = Number(cursor ?? 0);
  const next = start + PAGE < items.length ? { nextCursor: String(start + PAGE) } : {};
  return { [member]: items.slice(start, start + PAGE), ...next };
}
