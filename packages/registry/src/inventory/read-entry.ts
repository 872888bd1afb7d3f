import { ConfigText } from './config-text.ts';
import type { ConfiguredServer, PassedSecret, ServerTransport } from './configured-server.ts';
import { firstOf, valueAt, type ConfigNode } from './formats/config-node.ts';
import { HOSTS, type HostId } from './hosts.ts';
import type { FoundEntry } from './read-host-config.ts';

/** The most arguments, variables or headers of one entry that are read. */
const MAX_PARTS = 1_000;

/** Keys that a credential stands under, in an entry or in one of its parts. */
const CREDENTIAL_KEYS: readonly (readonly string[])[] = [
  ['apiKey'],
  ['api_key'],
  ['token'],
  ['bearer_token'],
  ['authToken'],
  ['oauth', 'clientSecret'],
  ['oauth', 'client_secret'],
  ['auth', 'CLIENT_SECRET'],
  ['auth', 'token'],
];

/**
 * Reads one entry. The hosts differ in names, hardly in structure, so one reader knows all names.
 *
 * @returns `unknown` for what is no server, `built-in` for a part of the host itself
 */
export function readEntry(host: HostId, entry: FoundEntry): ConfiguredServer | 'unknown' | 'built-in' {
  const { node } = entry;
  if (node.kind !== 'object') return 'unknown';
  if (isBuiltIn(node)) return 'built-in';
  const command = commandOf(node);
  const url = textAt(firstOf(node, ['url', 'httpUrl', 'serverUrl', 'server_url', 'uri']));
  if (command.length === 0 && url === null) return 'unknown';
  return {
    host,
    name: entry.name,
    line: entry.line,
    project: entry.project,
    transport: transportOf(host, node, command.length > 0),
    command,
    // an entry with both is started, in every host
    url: command.length > 0 ? null : url,
    workingDirectory: textAt(firstOf(node, ['cwd', 'workingDirectory'])),
    environment: textsOf(firstOf(node, ['env', 'envs', 'environment']) ?? valueAt(node, 'command', 'env')),
    headers: new Map([
      ...textsOf(valueAt(node, 'headers')),
      ...textsOf(valueAt(node, 'http_headers')),
      ...textsOf(valueAt(node, 'requestOptions', 'headers')),
    ]),
    credentials: credentialsOf(node),
    passed: passedOf(node),
    hasEnvironmentFile: isText(firstOf(node, ['envFile', 'env_file'])),
    hasHeadersHelper: isText(firstOf(node, ['headersHelper', 'http_headers_helper'])),
    hasOauth: hasOauth(node),
    isEnabled: !isTrue(firstOf(node, ['disabled', 'isDisabled'])) && !isFalse(firstOf(node, ['enabled', 'isActive'])),
    approved: approvedOf(node),
  };
}

/** What an extension of Zed or Goose brings along is no server of the configuration. */
function isBuiltIn(node: ConfigNode): boolean {
  const type = textAt(valueAt(node, 'type'))?.reveal();
  if (type === 'builtin' || type === 'platform' || type === 'frontend') return true;
  if (firstOf(node, ['command', 'cmd', 'url', 'httpUrl', 'serverUrl', 'uri']) !== undefined) return false;
  // settings of a server that is declared elsewhere
  return firstOf(node, ['settings', 'source', 'enabled', 'disabled']) !== undefined;
}

function commandOf(node: ConfigNode): readonly ConfigText[] {
  const command = firstOf(node, ['command', 'cmd']);
  // opencode has one list, Zed had an object
  if (command?.kind === 'array') return listOf(command);
  const program = textAt(command) ?? textAt(valueAt(command, 'path'));
  if (program === null || program.reveal() === '') return [];
  const args = valueAt(node, 'args') ?? valueAt(command, 'args');
  return [program, ...listOf(args)];
}

function transportOf(host: HostId, node: ConfigNode, isStarted: boolean): ServerTransport {
  if (isStarted) return 'stdio';
  const type =
    textAt(firstOf(node, ['type', 'transport', 'transportType']))
      ?.reveal()
      .toLowerCase() ?? '';
  if (type.includes('sse')) return 'sse';
  if (type.includes('http') || valueAt(node, 'httpUrl') !== undefined) return 'http';
  return type === 'remote' ? 'http' : HOSTS[host].url;
}

function credentialsOf(node: ConfigNode): ReadonlyMap<string, ConfigText> {
  const found = new Map<string, ConfigText>();
  for (const path of CREDENTIAL_KEYS) {
    const text = textAt(valueAt(node, ...path));
    if (text !== null) found.set(path.join('.'), text);
  }
  return found;
}

/** Names only: what they stand for is in the environment of the host, or in its keyring. */
function passedOf(node: ConfigNode): readonly PassedSecret[] {
  const bearer = textAt(valueAt(node, 'bearer_token_env_var'));
  return [
    ...listOf(valueAt(node, 'env_vars')).map((name) => passed(name, 'environment', null)),
    // Goose keeps the values in the keyring of the system
    ...listOf(valueAt(node, 'env_keys')).map((name) => passed(name, 'keyring', null)),
    ...(bearer === null ? [] : [{ ...passed(bearer, 'environment', 'Authorization'), isBearer: true }]),
    ...Array.from(textsOf(valueAt(node, 'env_http_headers')), ([header, name]) => passed(name, 'environment', header)),
  ];
}

function passed(name: ConfigText, from: PassedSecret['from'], header: string | null): PassedSecret {
  const text = name.reveal();
  // a name is printed; what is no name may be a secret in the wrong place
  return { name: /^\w{1,128}$/u.test(text) ? text : '[hidden]', from, header, isBearer: false };
}

function hasOauth(node: ConfigNode): boolean {
  const oauth =
    firstOf(node, ['oauth', 'oauth_resource', 'scopes', 'authProviderType']) ?? valueAt(node, 'auth', 'CLIENT_ID');
  return oauth !== undefined && !isFalse(oauth) && oauth.kind !== 'other';
}

function approvedOf(node: ConfigNode): ConfiguredServer['approved'] {
  const whole = firstOf(node, ['trust', 'autoApproveAll']);
  if (whole?.kind === 'boolean' && whole.value) return { line: whole.line, tools: 'all' };
  const mode = textAt(valueAt(node, 'default_tools_approval_mode'));
  if (mode?.reveal() === 'approve') return { line: mode.line, tools: 'all' };
  const list = firstOf(node, ['alwaysAllow', 'autoApprove']);
  if (list?.kind === 'boolean' && list.value) return { line: list.line, tools: 'all' };
  const tools = listOf(list).map((tool) => tool.reveal());
  if (list === undefined || tools.length === 0) return null;
  return { line: list.line, tools: tools.includes('*') ? 'all' : tools };
}

function textsOf(node: ConfigNode | undefined): ReadonlyMap<string, ConfigText> {
  const texts = new Map<string, ConfigText>();
  if (node?.kind !== 'object') return texts;
  for (const { key, value } of node.entries.slice(0, MAX_PARTS)) {
    const text = textAt(value);
    if (text !== null) texts.set(key, text);
  }
  return texts;
}

function listOf(node: ConfigNode | undefined): readonly ConfigText[] {
  if (node?.kind !== 'array') return [];
  return node.items.slice(0, MAX_PARTS).flatMap((item) => textAt(item) ?? []);
}

function textAt(node: ConfigNode | undefined): ConfigText | null {
  return node?.kind === 'text' ? new ConfigText(node.text, node.line) : null;
}

function isText(node: ConfigNode | undefined): boolean {
  return node?.kind === 'text';
}

function isTrue(node: ConfigNode | undefined): boolean {
  return node?.kind === 'boolean' && node.value;
}

function isFalse(node: ConfigNode | undefined): boolean {
  return node?.kind === 'boolean' && !node.value;
}
