import { excerpt, isJsonArray, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import {
  peerKeyDigest,
  resolveCommandIdentity,
  urlIdentity,
  type Advertised,
  type ServerIdentity,
} from '@callgate/registry';

import type { CommandContext, Invocation, OptionSpec } from '../command.ts';
import { InputError, UsageError } from '../errors.ts';
import { parseJson } from '../input/parse-json.ts';
import { readText } from '../input/read-text.ts';
import { ServerAnswerError, type Channel } from './channel.ts';
import { collectAdvertised } from './collect-advertised.ts';
import { advertisedIn } from './exported-lists.ts';
import { openHttpChannel, type ServerUrl } from './http-channel.ts';
import { openProcessChannel, type ServerCommand } from './process-channel.ts';
import { splitWords } from './split-words.ts';

/** A server to look at. */
export type Source =
  | { readonly kind: 'command'; readonly name: string; readonly server: ServerCommand }
  | { readonly kind: 'url'; readonly name: string; readonly server: ServerUrl }
  | { readonly kind: 'list'; readonly name: string; readonly file: string };

/** A server as it was found; the identity is null for exported lists, which tell nothing of it. */
export interface Found {
  readonly name: string;
  readonly identity: ServerIdentity | null;
  readonly advertised: Advertised;
}

const DEFAULT_TIMEOUT_S = 30;

/** The options that say which servers to look at. */
export const SOURCE_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  server: {
    kind: 'text',
    short: 's',
    multiple: true,
    placeholder: "name='command line'",
    description: 'start this stdio server and list it; quotes and backslashes as in a shell',
  },
  url: { kind: 'text', short: 'u', multiple: true, placeholder: 'name=https://…', description: 'list this server' },
  list: {
    kind: 'text',
    multiple: true,
    placeholder: 'name=file',
    description: 'an exported `tools/list` result instead of a server; nothing is started',
  },
  config: {
    kind: 'text',
    multiple: true,
    placeholder: 'file',
    description: 'the servers in the configuration of an MCP host: JSON with `mcpServers` or `servers`',
  },
  only: { kind: 'text', multiple: true, placeholder: 'name', description: 'of the configuration, only this server' },
  'pin-executable': { kind: 'flag', description: 'also pin the bytes of interpreters and package runners' },
  'pin-key': { kind: 'flag', description: 'also pin the public key of https servers' },
  timeout: {
    kind: 'text',
    placeholder: 'seconds',
    description: `how long a server may take for one answer (default ${DEFAULT_TIMEOUT_S})`,
  },
};

/** The servers that the options name. */
export async function sourcesOf(
  command: string,
  invocation: Invocation,
  io: CommandContext['io'],
): Promise<readonly Source[]> {
  const sources: Source[] = [];
  for (const text of invocation.texts('server')) {
    const [name, line] = named(command, 'server', text);
    const [program, ...args] = splitWords(line);
    if (program === undefined) throw new UsageError(command, "expected `--server` with `name='command line'`");
    sources.push({ kind: 'command', name, server: { command: program, args, env: {} } });
  }
  for (const text of invocation.texts('url')) {
    const [name, url] = named(command, 'url', text);
    sources.push({ kind: 'url', name, server: { url: checkUrl(url), headers: {} } });
  }
  for (const text of invocation.texts('list')) {
    const [name, file] = named(command, 'list', text);
    sources.push({ kind: 'list', name, file });
  }
  for (const file of invocation.texts('config')) {
    sources.push(...configured(parseJson(await readText(`@${file}`, io)), file, invocation.texts('only')));
  }
  const repeated = sources.find(({ name }, index) => sources.findIndex((one) => one.name === name) !== index);
  if (repeated !== undefined)
    throw new InputError(`expected each server once, got \`${excerpt(repeated.name)}\` twice`);
  return sources;
}

/** Looks at a server. */
export async function findServer(source: Source, invocation: Invocation, io: CommandContext['io']): Promise<Found> {
  const timeoutMs = timeoutOf(invocation);
  switch (source.kind) {
    case 'list':
      return {
        name: source.name,
        identity: null,
        advertised: advertisedIn(parseJson(await readText(`@${source.file}`, io)), source.file),
      };
    case 'command': {
      const { command, args } = source.server;
      const pinsInterpreter = invocation.flag('pin-executable');
      const identity = await resolveCommandIdentity(command, args, {
        cwd: process.cwd(),
        env: io.env,
        pinsInterpreter,
      });
      const channel = await openProcessChannel(source.server, timeoutMs);
      // Looked at again: `npx` installs what it starts.
      const advertised = await listed(channel);
      const now = await resolveCommandIdentity(command, args, { cwd: process.cwd(), env: io.env, pinsInterpreter });
      return { name: source.name, identity: identity.package?.integrity === null ? now : identity, advertised };
    }
    case 'url': {
      const { url } = source.server;
      const isPinned = invocation.flag('pin-key') && url.startsWith('https:');
      const identity = urlIdentity(url, isPinned ? [await peerKey(url)] : []);
      return { name: source.name, identity, advertised: await listed(openHttpChannel(source.server, timeoutMs)) };
    }
  }
}

async function listed(channel: Channel): Promise<Advertised> {
  try {
    return await collectAdvertised(channel);
  } catch (cause) {
    if (cause instanceof ServerAnswerError) throw new InputError(cause.message, { cause });
    throw cause;
  } finally {
    await channel.close();
  }
}

async function peerKey(url: string): ReturnType<typeof peerKeyDigest> {
  try {
    return await peerKeyDigest(url);
  } catch (cause) {
    throw new InputError(`cannot read the key of \`${new URL(url).host}\``, { cause });
  }
}

function named(command: string, option: string, text: string): readonly [name: string, value: string] {
  const at = text.indexOf('=');
  if (at < 1 || at === text.length - 1) throw new UsageError(command, `expected \`--${option}\` with \`name=…\``);
  return [text.slice(0, at), text.slice(at + 1)];
}

function timeoutOf(invocation: Invocation): number {
  const seconds = Number(invocation.text('timeout') ?? DEFAULT_TIMEOUT_S);
  if (!(seconds > 0 && seconds <= 3_600)) throw new InputError('expected `--timeout` to be seconds, from 1 to 3600');
  return seconds * 1_000;
}

function checkUrl(url: string): string {
  try {
    urlIdentity(url);
    return url;
  } catch (cause) {
    throw new InputError('expected a URL of http or https', { cause });
  }
}

function configured(value: JsonValue, file: string, only: readonly string[]): readonly Source[] {
  const document = isJsonObject(value) ? value : {};
  const servers = own(document, 'mcpServers') ?? own(document, 'servers');
  if (!isJsonObject(servers)) throw new InputError(`expected \`mcpServers\` or \`servers\` in \`${excerpt(file)}\``);
  const missing = only.find((name) => own(servers, name) === undefined);
  if (missing !== undefined) throw new InputError(`expected a server \`${excerpt(missing)}\` in \`${excerpt(file)}\``);
  return Object.entries(servers)
    .filter(([name]) => only.length === 0 || only.includes(name))
    .map(([name, entry]) => configuredSource(name, isJsonObject(entry) ? entry : {}));
}

function configuredSource(name: string, entry: JsonObject): Source {
  const url = own(entry, 'url');
  if (typeof url === 'string') {
    return { kind: 'url', name, server: { url: checkUrl(url), headers: texts(own(entry, 'headers')) } };
  }
  const command = own(entry, 'command');
  const args = own(entry, 'args') ?? [];
  if (typeof command !== 'string' || !isJsonArray(args) || !args.every((one) => typeof one === 'string')) {
    throw new InputError(`expected a \`command\` or a \`url\` for the server \`${excerpt(name)}\``);
  }
  return { kind: 'command', name, server: { command, args, env: texts(own(entry, 'env')) } };
}

function texts(value: JsonValue | undefined): Readonly<Record<string, string>> {
  if (!isJsonObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}
