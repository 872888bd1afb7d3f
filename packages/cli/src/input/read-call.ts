import { excerpt, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import type { Call, CompiledPolicy, Direction, Principal, ServerIdentity } from '@callgate/policy';

import { didYouMean } from '../arguments/nearest-word.ts';
import { InputError } from '../errors.ts';

const TOOL_KEYS = ['id', 'server', 'tool', 'arguments', 'principal', 'run', 'parents', 'identity'];
const METHOD_KEYS = ['id', 'server', 'direction', 'method', 'params', 'principal', 'run', 'parents', 'identity'];
const ALL_KEYS = new Set([...TOOL_KEYS, ...METHOD_KEYS]);
const NO_KEYS: ReadonlySet<string> = new Set();
const PRINCIPAL_TEXTS = ['user', 'agent', 'workload', 'team', 'tenant'] as const;
const PRINCIPAL_KEYS = [...PRINCIPAL_TEXTS, 'roles'];
const DIRECTIONS: readonly Direction[] = ['client-to-server', 'server-to-client'];
const NO_PARAMS: JsonObject = Object.freeze({});

/**
 * Reads one call as the commands take it: `{server, tool, arguments?, principal?, run?, parents?, identity?}` for a tool call, or
 * `{server, method, params?, direction?, …}` for any message. Closed: an unknown key is an error, because a misspelt
 * one would decide on another call than the one meant.
 *
 * Without `identity` the server is taken to be who `policy` declares it to be; `null` says that nothing was observed of it.
 *
 * @param value frozen plain data
 * @param also keys that the caller reads by itself
 * @throws {InputError} naming the place, what was expected there and the nearest known key
 */
export function readCall(value: JsonValue, policy: CompiledPolicy, also: ReadonlySet<string> = NO_KEYS): Call {
  if (!isJsonObject(value)) throw expected('', 'an object', value);
  const isTool = Object.hasOwn(value, 'tool');
  checkKeys(value, isTool ? TOOL_KEYS : METHOD_KEYS, '', also);
  const server = readString(value, 'server');
  const given = own(value, 'identity');
  const identity =
    given === null ? undefined : (readIdentity(given) ?? policy.servers.get(server)?.identity ?? undefined);
  const run = own(value, 'run') === undefined ? undefined : readString(value, 'run');
  return {
    server,
    ...(isTool ? readToolCall(value) : readMessage(value)),
    principal: readPrincipal(own(value, 'principal')),
    ...(identity === undefined ? {} : { identity }),
    ...(run === undefined ? {} : { run }),
    ...readParents(own(value, 'parents')),
  };
}

/** The most runs that a call can be part of, as for a gate. */
const MAX_PARENTS = 16;

/** The runs around that of the call, innermost first. */
function readParents(value: JsonValue | undefined): Pick<Call, 'parents'> {
  if (value === undefined) return {};
  const isValid = Array.isArray(value) && value.length <= MAX_PARENTS && value.every((run) => typeof run === 'string');
  if (!isValid) throw expected('/parents', `an array of at most ${MAX_PARENTS} strings`, value);
  return { parents: value };
}

type Message = Pick<Call, 'direction' | 'method' | 'params'>;

function readToolCall(value: JsonObject): Message {
  const tool = readString(value, 'tool');
  const args = orDefault(own(value, 'arguments'), NO_PARAMS);
  if (!isJsonObject(args)) throw expected('/arguments', 'an object', args);
  return {
    direction: 'client-to-server',
    method: 'tools/call',
    params: Object.freeze({ name: tool, arguments: args }),
  };
}

function readMessage(value: JsonObject): Message {
  if (!Object.hasOwn(value, 'method')) throw new InputError('expected `tool` or `method`, got neither');
  const direction = orDefault(own(value, 'direction'), 'client-to-server');
  const known = DIRECTIONS.find((name) => name === direction);
  if (known === undefined)
    throw expected('/direction', DIRECTIONS.map((name) => `\`${name}\``).join(' or '), direction);
  const params = orDefault(own(value, 'params'), NO_PARAMS);
  if (!isJsonObject(params)) throw expected('/params', 'an object', params);
  return { direction: known, method: readString(value, 'method'), params };
}

function readPrincipal(value: JsonValue | undefined): Principal {
  if (value === undefined) return NO_PARAMS;
  if (!isJsonObject(value)) throw expected('/principal', 'an object', value);
  checkKeys(value, PRINCIPAL_KEYS, '/principal');
  for (const key of PRINCIPAL_TEXTS) {
    if (Object.hasOwn(value, key)) readString(value, key, '/principal');
  }
  const roles = own(value, 'roles');
  if (roles !== undefined && !(Array.isArray(roles) && roles.every((role) => typeof role === 'string'))) {
    throw expected('/principal/roles', 'an array of strings', roles);
  }
  return value;
}

function readIdentity(value: JsonValue | undefined): ServerIdentity | undefined {
  if (value === undefined) return undefined;
  if (!isJsonObject(value)) throw expected('/identity', 'an object', value);
  if (Object.hasOwn(value, 'url')) {
    checkKeys(value, ['url'], '/identity');
    return { url: readString(value, 'url', '/identity') };
  }
  checkKeys(value, ['command', 'args'], '/identity');
  const args = orDefault(own(value, 'args'), []);
  if (!Array.isArray(args) || !args.every((item) => typeof item === 'string')) {
    throw expected('/identity/args', 'an array of strings', args);
  }
  return { command: readString(value, 'command', '/identity'), args };
}

function checkKeys(value: JsonObject, known: readonly string[], pointer: string, also = NO_KEYS): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key) || also.has(key)) continue;
    const place = pointer === '' ? '' : ` at \`${pointer}\``;
    if (pointer === '' && ALL_KEYS.has(key)) {
      throw new InputError(`unexpected key \`${key}\`: give \`tool\` and \`arguments\`, or \`method\` and \`params\``);
    }
    throw new InputError(
      `unknown key \`${excerpt(key)}\`${place}${didYouMean(key, pointer === '' ? [...ALL_KEYS, ...also] : known)}`,
    );
  }
}

function readString(holder: JsonObject, key: string, parent = ''): string {
  const value = own(holder, key);
  if (typeof value !== 'string' || value === '')
    throw expected(`${parent}/${key}`, 'a string that is not empty', value);
  return value;
}

/** The default is for what is absent; a null that is there is a value, and a wrong one. */
function orDefault(value: JsonValue | undefined, fallback: JsonValue): JsonValue {
  return value === undefined ? fallback : value;
}

function expected(pointer: string, what: string, got: JsonValue | undefined): InputError {
  const place = pointer === '' ? '' : ` at \`${pointer}\``;
  return new InputError(`expected ${what}${place}, got ${shapeOf(got)}`);
}

function shapeOf(value: JsonValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (value === '') return 'an empty string';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
