import { createHash } from 'node:crypto';
import { join } from 'node:path';

import fc from 'fast-check';
import { expect, it } from 'vitest';

import { takeInventory, type FileAccess } from '../../src/index.ts';

const runs = { numRuns: Number(process.env['CALLGATE_CASES'] ?? 30) };

/** As programs make them: long, of many different characters, digits among them. What has few would be an example, and no key. */
const body = fc
  .nat()
  .map((seed) =>
    createHash('sha512')
      .update(String(seed))
      .digest('base64')
      .replaceAll(/[^A-Za-z0-9]/gu, '')
      .slice(0, 36),
  )
  .filter((text) => /[0-9]/u.test(text));

/** What only the file may hold: words that are found by where they stand, and keys that are found by what they are. */
const canary = body.map((text) => `Canary${text}`);
const key = fc
  .tuple(fc.constantFrom('ghp_', 'sk-ant-', 'glpat-', 'sk_live_', 'hf_'), body)
  .map(([prefix, text]) => `${prefix}${text}`);

/** Entries that hold a secret, in every way there is. */
const holders = fc.oneof(
  canary.map((secret) => ({ secret, entry: { command: 'server', env: { SOME_API_KEY: secret } } })),
  canary.map((secret) => ({ secret, entry: { command: 'server', env: { ORDINARY: secret } } })),
  canary.map((secret) => ({ secret, entry: { command: 'server', args: ['--token', secret] } })),
  canary.map((secret) => ({ secret, entry: { command: 'server', args: [`--password=${secret}`] } })),
  canary.map((secret) => ({
    secret,
    entry: { command: 'server', args: ['--header', `Authorization: Bearer ${secret}`] },
  })),
  canary.map((secret) => ({ secret, entry: { command: 'sh', args: ['-c', `API_KEY=${secret} exec server`] } })),
  canary.map((secret) => ({
    secret,
    entry: { command: 'docker', args: ['run', '-e', `DB_PASSWORD=${secret}`, 'image'] },
  })),
  canary.map((secret) => ({
    secret,
    entry: { command: 'server', args: [`postgres://anna:${secret}@db.example/shop`] },
  })),
  canary.map((secret) => ({
    secret,
    entry: { command: 'npx', args: ['-y', `git+https://anna:${secret}@github.com/acme/server`] },
  })),
  canary.map((secret) => ({ secret, entry: { url: `https://mcp.example.com/mcp?anything=${secret}` } })),
  canary.map((secret) => ({ secret, entry: { url: `https://${secret}@mcp.example.com/mcp` } })),
  canary.map((secret) => ({ secret, entry: { url: `https://mcp.example.com/mcp#${secret}` } })),
  canary.map((secret) => ({ secret, entry: { url: 'https://mcp.example.com', headers: { 'X-Any': secret } } })),
  canary.map((secret) => ({ secret, entry: { url: 'https://mcp.example.com', apiKey: secret } })),
  canary.map((secret) => ({ secret, entry: { url: 'https://mcp.example.com', bearer_token_env_var: `${secret} ` } })),
  canary.map((secret) => ({ secret, entry: { url: 'https://mcp.example.com', oauth: { clientSecret: secret } } })),
  fc.uuid().map((secret) => ({ secret, entry: { url: `https://mcp.example.com/s/${secret}/mcp` } })),
  key.map((secret) => ({ secret, entry: { command: 'server', args: [secret] } })),
  key.map((secret) => ({ secret, entry: { command: secret } })),
  key.map((secret) => ({ secret, entry: { url: `http://mcp.example.com/${secret}/mcp` } })),
);

it('no secret of a configuration is in the inventory, wherever it stands', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(holders, { minLength: 1, maxLength: 6 }), fc.boolean(), async (held, isBroken) => {
      const servers = Object.fromEntries(held.map(({ entry }, index) => [`s${index}`, entry]));
      const text = JSON.stringify({ mcpServers: servers }) + (isBroken ? '} x' : '');
      const files: FileAccess = {
        read: async (path) =>
          path === join('/home', '.cursor', 'mcp.json')
            ? { kind: 'text', text, realPath: path, isWorldWritable: false }
            : { kind: 'absent' },
        list: async () => [],
      };
      const system = { platform: 'linux' as const, homes: ['/home'], projects: [], root: null };
      const inventory = await takeInventory({ system, files, governed: [] });
      expect(inventory.servers).toHaveLength(held.length);
      const printed = JSON.stringify(inventory);
      for (const { secret } of held) expect(printed).not.toContain(secret);
    }),
    runs,
  );
});
