import { isJsonObject, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { CommandIo } from '../command-io.ts';
import type { Invocation, OptionSpec } from '../command.ts';
import { InputError, UsageError } from '../errors.ts';
import { parseJson } from './parse-json.ts';
import { readStandardInput, readText } from './read-text.ts';

/** Options that say who acts, in flags. */
export const PRINCIPAL_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  user: { kind: 'text', placeholder: 'id', description: 'who acts: the user' },
  agent: { kind: 'text', placeholder: 'id', description: 'who acts: the agent' },
  tenant: { kind: 'text', placeholder: 'id', description: 'who acts: the tenant' },
  workload: { kind: 'text', placeholder: 'id', description: 'who acts: the workload' },
  team: { kind: 'text', placeholder: 'id', description: 'who acts: the team' },
  role: { kind: 'text', placeholder: 'name', multiple: true, description: 'a role of who acts' },
  run: { kind: 'text', placeholder: 'id', description: 'the agent run that the call belongs to' },
};

/** Options that name one call. */
export const CALL_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  server: { kind: 'text', short: 's', placeholder: 'name', description: 'the server’s registered name' },
  tool: { kind: 'text', short: 't', placeholder: 'name', description: 'the tool to call' },
  arguments: {
    kind: 'text',
    short: 'a',
    placeholder: 'JSON|@file|-',
    description: 'the tool’s arguments (default {})',
  },
  call: { kind: 'text', placeholder: 'JSON|@file|-', description: 'the whole call, as a line of `callgate decide`' },
  ...PRINCIPAL_OPTIONS,
};

const PRINCIPAL_TEXTS = ['user', 'agent', 'tenant', 'workload', 'team'] as const;

/**
 * One call in its JSON form from flags, from `--call`, or from standard input where neither is given. Flags that say who
 * acts change the call they are given with.
 *
 * @throws {UsageError} when the flags contradict each other or name no call
 * @throws {InputError} when what they name cannot be read or is not JSON
 */
export async function callFromOptions(command: string, invocation: Invocation, io: CommandIo): Promise<JsonValue> {
  const server = invocation.text('server');
  const tool = invocation.text('tool');
  const given = invocation.text('call');
  const args = invocation.text('arguments');
  const isInFlags = server !== undefined || tool !== undefined || args !== undefined;
  if (isInFlags) {
    if (given !== undefined) throw new UsageError(command, 'expected `--call`, or `--server` and `--tool`, not both');
    if (server === undefined || tool === undefined) throw new UsageError(command, 'expected `--server` and `--tool`');
    const value = args === undefined ? {} : parseJson(await readText(args, io));
    return withActor({ server, tool, arguments: value }, invocation);
  }
  if (given === undefined && io.stdinIsTerminal) {
    throw new UsageError(command, 'expected a call: `--server` and `--tool`, `--call`, or JSON on standard input');
  }
  const text = given === undefined ? await readStandardInput(io) : await readText(given, io);
  const call = parseJson(text);
  if (!isJsonObject(call)) throw new InputError('expected the call to be an object');
  return withActor(call, invocation);
}

/** Who acts, as far as flags say it. */
export function principalOf(invocation: Invocation): JsonObject {
  const principal: Record<string, JsonValue> = {};
  for (const key of PRINCIPAL_TEXTS) {
    const value = invocation.text(key);
    if (value !== undefined) principal[key] = value;
  }
  const roles = invocation.texts('role');
  if (roles.length > 0) principal['roles'] = roles;
  return principal;
}

function withActor(call: JsonObject, invocation: Invocation): JsonObject {
  const principal = principalOf(invocation);
  const run = invocation.text('run');
  const base = call['principal'];
  if (Object.keys(principal).length === 0) return { ...call, ...(run === undefined ? {} : { run }) };
  return {
    ...call,
    principal: { ...(isJsonObject(base) ? base : {}), ...principal },
    ...(run === undefined ? {} : { run }),
  };
}
