import { isAbsolute } from 'node:path';

import { excerpt } from '@callgate/canonical';
import { lint, parseDuration, policyYaml, type AnnotatedPolicy, type StarterServer } from '@callgate/policy';
import { compilePolicy, loadKinds, starterPolicy } from 'callgate';

import type { CommandContext, CommandSpec, Invocation } from '../command.ts';
import { InputError, UsageError } from '../errors.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { askServer, type ServerLine } from '../init/ask-server.ts';
import { openHttpLine } from '../init/http-line.ts';
import { openProcessLine } from '../init/process-line.ts';
import { splitCommand } from '../init/split-command.ts';
import { readToolsFile } from '../input/tool-definitions.ts';
import { printable, printableJson } from '../output/printable.ts';
import { plural } from '../output/words.ts';
import { POLICY_OUTPUT_OPTIONS, writePolicy } from '../output/write-policy.ts';

type InitFormat = 'yaml' | 'json';

const DEFAULT_TIMEOUT_MS = 30_000;
const DEFAULT_NAME = 'server';
const DEFAULT_APPROVER = 'role:operator';

/** `callgate init`: a first policy, from what a server says of its tools. */
export const initCommand: CommandSpec<InitFormat> = {
  name: 'init',
  summary: 'write a starter policy for a server',
  usage: '--from-tools <file> | --server <command line> | --url <url>',
  description: [
    'Asks a server for its tools (or reads what it answered) and writes a policy that names each of them: reads are allowed within their schemas, what changes something is held for approval, what destroys is ring 3. What the policy does not name is denied, tools that the server adds later among it.',
    'What a server says of its tools is a hint: it makes an entry more severe, never less. A comment at each tool says why it got its ring, and at each argument where its bounds come from. Where a schema has none, some were chosen: look at those first.',
    'The policy loads, and `callgate check` finds no error in it; what else it finds is printed on standard error.',
  ],
  options: {
    'from-tools': {
      kind: 'text',
      placeholder: 'file',
      description: 'the tools: a list, `{ "tools": […] }`, or a JSON-RPC answer to `tools/list`; `-`: standard input',
    },
    server: {
      kind: 'text',
      short: 's',
      placeholder: 'command line',
      description: 'start this stdio server and ask it. Quotes are read, nothing else of a shell',
    },
    url: { kind: 'text', placeholder: 'url', description: 'ask the server at this URL (Streamable HTTP)' },
    'bearer-env': {
      kind: 'text',
      placeholder: 'variable',
      description: 'with `--url`: the environment variable that holds the bearer token',
    },
    'server-name': {
      kind: 'text',
      placeholder: 'name',
      description: `the server’s name, as the host registers it (default: what it calls itself, else \`${DEFAULT_NAME}\`)`,
    },
    name: { kind: 'text', placeholder: 'name', description: 'the policy’s name (default `starter`)' },
    approver: {
      kind: 'text',
      placeholder: 'who',
      description: `who approves what is held (default \`${DEFAULT_APPROVER}\`)`,
    },
    root: {
      kind: 'text',
      placeholder: 'folder',
      multiple: true,
      description:
        'a folder that paths must lie in (default: the absolute paths that `--server` ends with, else relative paths only)',
    },
    timeout: { kind: 'text', placeholder: 'duration', description: 'how long an answer may take (default 30s)' },
    ...POLICY_OUTPUT_OPTIONS,
  },
  positionals: [0, 0],
  examples: [
    {
      command:
        'callgate init -s "npx -y @modelcontextprotocol/server-filesystem@2026.8.31 /srv/shared" -o callgate.yaml',
      says: 'from a server that is started for it',
    },
    {
      command: 'callgate init --url https://mcp.example.com/mcp --bearer-env TOKEN',
      says: 'from a server on the network',
    },
    { command: 'callgate init --from-tools tools.json --server-name crm', says: 'from what a server answered' },
  ],
  formats: ['yaml', 'json'],
  exits: {
    0: 'a policy is written',
    1: 'the server has no tools',
    2: 'the server or file cannot be read, the output is there already or cannot be written, or usage',
  },
  whenCutShort: EXIT.fine,
  run,
};

async function run(invocation: Invocation, context: CommandContext<InitFormat>): Promise<ExitCode> {
  await loadKinds();
  const server = await serverOf(invocation, context);
  const policyName = invocation.text('name');
  const starter = starterPolicy([server], {
    ...(policyName === undefined ? {} : { name: policyName }),
    approver: invocation.text('approver') ?? DEFAULT_APPROVER,
    roots: rootsOf(invocation, server),
  });
  const findings = lint(compilePolicy(starter.document));
  await writePolicy(textOf(starter, context), invocation, context);
  const of = (level: string): number => findings.filter((finding) => finding.level === level).length;
  const counts = `${plural(of('warning'), 'warning')} and ${plural(of('note'), 'note')} of \`callgate check\``;
  context.err.printLine(`callgate: ${plural(server.tools.length, 'tool')} of \`${printable(server.name)}\`; ${counts}`);
  for (const { id, level, message, remedy } of findings) {
    if (level !== 'note')
      context.err.printLine(`callgate: ${level}: ${printable(message, 500)}: ${printable(remedy, 500)} [${id}]`);
  }
  return server.tools.length === 0 ? EXIT.findings : EXIT.fine;
}

async function serverOf(invocation: Invocation, { io }: CommandContext): Promise<StarterServer> {
  const file = invocation.text('from-tools');
  const command = invocation.text('server');
  const url = invocation.text('url');
  const name = invocation.text('server-name');
  if ([file, command, url].filter((source) => source !== undefined).length !== 1)
    throw new UsageError('init', 'expected one of `--from-tools`, `--server` and `--url`');
  if (invocation.text('bearer-env') !== undefined && url === undefined)
    throw new UsageError('init', 'expected `--url` with `--bearer-env`');
  if (file !== undefined) return { name: name ?? DEFAULT_NAME, tools: await readToolsFile(file, io) };
  const timeoutMs = timeoutOf(invocation);
  if (url !== undefined) {
    const address = addressOf(url);
    const line = openHttpLine(address, { timeoutMs, bearer: bearerOf(invocation, io.env) });
    return asked(line, name, { url: address.replace(/[?#].*$/su, '') });
  }
  const [program, ...args] = splitCommand(command ?? '');
  const line = await openProcessLine(program, args, timeoutMs);
  return asked(line, name, { command: program, args });
}

async function asked(
  line: ServerLine,
  name: string | undefined,
  identity: NonNullable<StarterServer['identity']>,
): Promise<StarterServer> {
  try {
    const answer = await askServer(line);
    return { name: name ?? registeredName(answer.name), identity, tools: answer.tools };
  } finally {
    await line.close();
  }
}

/** A server's own name where it is one that hosts would use: a word, with a scope at most. */
function registeredName(name: string | undefined): string {
  const last = name?.split('/').at(-1) ?? '';
  return /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u.test(last) ? last : DEFAULT_NAME;
}

/** The folders of `--root`, or those that a command ends with: servers of files are told theirs that way. */
function rootsOf(invocation: Invocation, { identity }: StarterServer): readonly string[] {
  const given = invocation.texts('root');
  if (given.length > 0 || identity === undefined || 'url' in identity) return given;
  const { args } = identity;
  const start = args.findLastIndex((argument) => !isAbsolute(argument) || /\.[cm]?[jt]s$|\.py$/u.test(argument)) + 1;
  const folders = args.slice(start).map((folder) => folder.replace(/(?<=.)[/\\]+$/u, ''));
  return folders.filter((folder) => !folders.some((other) => other !== folder && folder.startsWith(`${other}/`)));
}

function addressOf(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/u.test(parsed.protocol) || parsed.username !== '' || parsed.password !== '')
    throw new UsageError('init', 'expected `--url` to be an http or https URL without credentials');
  return parsed.href;
}

function bearerOf(invocation: Invocation, env: CommandContext['io']['env']): string | undefined {
  const variable = invocation.text('bearer-env');
  if (variable === undefined) return undefined;
  const token = env[variable];
  if (token === undefined || !/^[\x21-\x7e]+$/u.test(token))
    throw new InputError(`expected a bearer token in \`${excerpt(variable)}\``);
  return token;
}

function timeoutOf(invocation: Invocation): number {
  const text = invocation.text('timeout');
  if (text === undefined) return DEFAULT_TIMEOUT_MS;
  const timeoutMs = parseDuration(text);
  if (timeoutMs === undefined) throw new UsageError('init', 'expected `--timeout` to be a duration such as 30s');
  return timeoutMs;
}

const HEADER = [
  'A starter policy, by `callgate init`, from what the server says of its tools. Nothing of that is proof.',
  'Reads are allowed, changes wait for approval, and whatever is not named here is denied.',
  'Look first at bounds that were chosen, and name who approves.',
  '`callgate suggest` narrows it from recorded calls, `callgate diff` shows what that changes.',
];

function textOf(starter: AnnotatedPolicy, { format, out }: CommandContext<InitFormat>): string {
  switch (format) {
    case 'yaml':
      return policyYaml(starter, HEADER);
    case 'json':
      return `${printableJson(JSON.stringify({ policy: starter.document, notes: starter.notes }), out.isTerminal)}\n`;
  }
}
