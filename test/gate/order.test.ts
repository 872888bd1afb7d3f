import { describe, expect, it } from 'vitest';

import { govern, settled } from './support.ts';

describe('records that wait for the end of the turn', () => {
  it('are kept in the order of events, also next to records that do not wait', async () => {
    const { call, gate, records } = await govern();
    const kinds: string[] = [];
    gate.ledger.subscribe((record) =>
      kinds.push(record.kind === 'decision' ? `${record.kind} ${record.target} ${record.effect}` : record.kind),
    );
    await call('lookup', { region: 'us-east' });
    await call('adjust', { delta: 1 });
    await call('lookup', { region: '*' });
    records();
    expect(kinds).toEqual([
      'decision lookup allow',
      'outcome',
      'decision adjust allow',
      'outcome',
      'decision lookup deny',
    ]);
  });

  it('are there by the next turn without being asked for', async () => {
    const { call, gate } = await govern();
    const seen: string[] = [];
    gate.ledger.subscribe((record) => seen.push(record.kind));
    await call('lookup', { region: 'us-east' });
    await settled();
    expect(seen).toEqual(['decision', 'outcome']);
  });

  it('hold the digest of what was sent and answered, whatever the host does to it afterwards', async () => {
    const { transport, server, gate } = await govern();
    const digests: unknown[] = [];
    gate.ledger.subscribe((record) => digests.push(record.kind === 'outcome' ? record.response?.digest : undefined));
    server.handle('tools/call', () => ({ content: [{ type: 'text', text: 'x' }] }));
    const answer = async (id: number, spoil: boolean): Promise<void> => {
      await new Promise<void>((resolve) => {
        transport.onmessage = (message: { result: { content: { text: string }[] } }) => {
          if (spoil) (message.result.content[0] as { text: string }).text = 'changed';
          resolve();
        };
        void transport.send({ jsonrpc: '2.0', id, method: 'tools/call', params: { name: 'open', arguments: {} } });
      });
      await gate.flush();
    };
    await answer(1, false);
    await answer(2, true);
    const [first, second] = digests.filter((digest) => digest !== undefined);
    expect(first).toBe(second);
  });
});
