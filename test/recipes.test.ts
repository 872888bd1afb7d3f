import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { standardKinds } from '@callgate/arguments';
import { coverageOf, lint, mutateSuite, parseSuite, runSuite, type CompiledPolicy, type Suite } from '@callgate/policy';
import { Validator, type Schema } from '@cfworker/json-schema';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { createGate, loadKinds, loadPolicy, parsePolicy, readDenial } from 'callgate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const folder = join(import.meta.dirname, '..', 'examples', 'recipes');
const names = (await readdir(folder)).toSorted();

interface Recipe {
  readonly policy: CompiledPolicy;
  readonly suite: Suite;
}

interface ToolDefinition {
  readonly name: string;
  readonly inputSchema: { readonly properties?: object | undefined; readonly required?: readonly string[] | undefined };
}

async function recipeOf(name: string): Promise<Recipe> {
  const file = join(folder, name, 'policy.test.yaml');
  return {
    policy: await loadPolicy(join(folder, name, 'policy.yaml')),
    suite: parseSuite(await readFile(file, 'utf8'), { file }),
  };
}

async function definitionsOf(name: string): Promise<readonly ToolDefinition[]> {
  const text = await readFile(join(folder, name, 'tools.json'), 'utf8');
  return (JSON.parse(text) as { readonly tools: readonly ToolDefinition[] }).tools;
}

it('there is a recipe for each of the common servers', () => {
  expect(names).toEqual(['browser', 'fetch', 'filesystem', 'github', 'postgres', 'slack']);
});

const recipes = new Map(
  await Promise.all(names.map(async (name): Promise<[string, Recipe]> => [name, await recipeOf(name)])),
);

describe.each([...recipes])('the recipe for %s', (_, recipe) => {
  it('has nothing to find fault with', () => {
    expect(lint(recipe.policy)).toEqual([]);
  });

  it('decides as its suite says, which covers all of it', () => {
    const results = runSuite(recipe.suite, recipe.policy);
    expect(results.filter(({ problems }) => problems.length > 0)).toEqual([]);
    expect(coverageOf(recipe.policy, results).items.filter(({ isCovered }) => !isCovered)).toEqual([]);
  });
});

// Hundreds of policies are compiled for this: a long run (`CALLGATE_CASES`) does it for all recipes.
const weakened = [...recipes].filter(([name]) => name === 'fetch' || process.env['CALLGATE_CASES'] !== undefined);

it.each(weakened)('the recipe for %s cannot be weakened in one place without its suite noticing', async (_, recipe) => {
  await loadKinds(JSON.stringify(recipe.policy.document));
  const { killed, survivors } = mutateSuite(recipe.suite, recipe.policy, { kinds: standardKinds });
  expect(killed).toBeGreaterThan(5);
  expect(survivors.map(({ pointer, what }) => `${pointer}: ${what}`)).toEqual([]);
});

describe.each([...recipes].filter(([name]) => name !== 'filesystem'))('the tools of %s', (name, { policy, suite }) => {
  it('are those of the recipe, with their arguments', async () => {
    expectToFit(policy, await definitionsOf(name));
  });

  it('take the calls that the suite expects to go ahead', async () => {
    const definitions = await definitionsOf(name);
    const passing = suite.cases.filter(({ expected }) => expected.effect !== 'deny');
    expect(passing.length).toBeGreaterThan(0);
    for (const { call } of passing) {
      const { name: tool, arguments: given } = call.params as { name: string; arguments: object };
      const definition = definitions.find((one) => one.name === tool);
      const validator = new Validator(definition?.inputSchema as Schema, '2020-12');
      expect(validator.validate(given).errors, JSON.stringify(call.params)).toEqual([]);
    }
  });
});

describe('the recipe for filesystem, in front of the real server', () => {
  let home: string;
  beforeAll(async () => {
    home = await realpath(await mkdtemp(join(tmpdir(), 'callgate-recipe-')));
  });
  afterAll(() => rm(home, { recursive: true, force: true }));

  it('fits the tools of the server, lets it read, and stops the ways out', async () => {
    const shared = join(home, 'shared');
    await mkdir(shared);
    await writeFile(join(shared, 'notes.txt'), 'the anvil ships on Monday');
    await writeFile(join(home, 'private.txt'), 'nobody reads this');
    const manifest = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-filesystem/package.json'));
    // The server may read all of `home`: what keeps the agent out of it is the policy.
    const server = { command: process.execPath, args: [join(dirname(manifest), 'dist', 'index.js'), home] };
    const text = await readFile(join(folder, 'filesystem', 'policy.yaml'), 'utf8');
    const policy = parsePolicy(
      text.replace(/identity: .*/u, `identity: ${JSON.stringify(server)}`).replaceAll('/srv/shared', shared),
    );
    await using gate = await createGate({ policy });
    const client = new Client({ name: 'recipe', version: '1.0.0' });
    try {
      await client.connect(
        gate.wrap(() => new StdioClientTransport({ ...server, stderr: 'ignore' }), { server: 'files' }),
      );
      const listed = await gate.as({ agent: 'agent:writer' }, { run: 'memo' }, () => client.listTools());
      expectToFit(policy, listed.tools);
      const call = async (name: string, given: Record<string, string>): Promise<unknown> => {
        const result = await gate.as({ agent: 'agent:writer' }, { run: 'memo' }, () =>
          client.callTool({ name, arguments: given }),
        );
        return readDenial(result)?.code ?? (result.content as readonly { text: string }[])[0]?.text;
      };
      expect(await call('read_text_file', { path: join(shared, 'notes.txt') })).toBe('the anvil ships on Monday');
      expect(await call('read_text_file', { path: join(home, 'private.txt') })).toBe('arguments.envelope');
      expect(await call('read_text_file', { path: `${shared}/../private.txt` })).toBe('arguments.envelope');
      expect(await call('write_file', { path: join(shared, 'memo.txt'), content: 'x' })).toBe('approval.required');
      expect(await call('read_text_file', { path: join(shared, 'id_ed25519') })).toBe('rule.denied');
      expect(await call('directory_tree', { path: shared })).toBe('tool.not_allowed');
    } finally {
      await client.close();
    }
  });
});

/** Every entry names a tool of the server, and its envelope those arguments without which the server refuses a call. */
function expectToFit(policy: CompiledPolicy, definitions: readonly ToolDefinition[]): void {
  const [server] = Object.values(policy.document.servers);
  for (const [name, { arguments: envelope = {} }] of Object.entries(server?.tools ?? {})) {
    const definition = definitions.find((one) => one.name === name);
    expect(definition, name).toBeDefined();
    const { properties = {}, required = [] } = definition?.inputSchema ?? {};
    expect(Object.keys(properties), name).toEqual(expect.arrayContaining(Object.keys(envelope)));
    expect(Object.keys(envelope), name).toEqual(expect.arrayContaining([...required]));
  }
}
