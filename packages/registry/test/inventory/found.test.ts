import { describe, expect, test } from 'vitest';

import { takeInventory, type FileAccess, type Inventory } from '../../src/index.ts';

/** Breaks of what the inventory promises of hostile and careless files, each found by somebody who tried to. */

const TOKEN = 'ghp_16C7e42F292c6912E7710c838347Ae178B4a';
const PASSWORD = 'hunter2Pass9';

function inventoryOf(text: string): Promise<Inventory> {
  const files: FileAccess = {
    read: async (path) =>
      path === '/p/.mcp.json' ? { kind: 'text', text, realPath: path, isWorldWritable: false } : { kind: 'absent' },
    list: async () => [],
  };
  return takeInventory({ system: { platform: 'linux', homes: [], projects: ['/p'], root: null }, files });
}

const configured = (server: object, name = 's'): string => JSON.stringify({ mcpServers: { [name]: server } });

describe('a secret is not printed', () => {
  test.each([
    ['in the place of the name of a server', configured({ command: 'x' }, TOKEN)],
    ['in the name of what is no server', configured({ foo: 'x' }, TOKEN)],
    ['in the place of a variable', configured({ command: 'x', env: { [TOKEN]: '1' } })],
    [
      'in the name of a variable that is written with its value',
      configured({ command: 'x', env: { [`A=${TOKEN}`]: '' } }),
    ],
    ['in the place of a header', configured({ url: 'https://a.example', headers: { [TOKEN]: '1' } })],
    ['among tools that are called without asking', configured({ command: 'x', alwaysAllow: [TOKEN] })],
  ])('%s', async (_, text) => {
    expect(JSON.stringify(await inventoryOf(text))).not.toContain(TOKEN.slice(4));
  });

  test.each([
    ['behind an option within one argument', `--api_key ${PASSWORD}`],
    ['behind an option, in quotes', `server --api-key "${PASSWORD}"`],
    ['where a password has an @ in it', `postgresql://user:p@${PASSWORD}@db.example/a`],
  ])('%s', async (_, argument) => {
    const inventory = await inventoryOf(configured({ command: 'x', args: ['-c', argument] }));
    expect(JSON.stringify(inventory)).not.toContain(PASSWORD);
    expect(inventory.servers).toHaveLength(1);
  });
});
