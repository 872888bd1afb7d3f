import type { ConfigText } from '../config-text.ts';
import type { ConfiguredServer } from '../configured-server.ts';
import type { SecretDetector } from '../detect-secrets.ts';
import { maskedCommand, maskedUrl } from '../mask.ts';
import { maskedName } from '../masked-name.ts';
import { findSecrets } from '../secret-places.ts';
import type { FlagId } from './flag-table.ts';
import { launchOf, programName, unwrapped } from './launch.ts';

/** One flag of one server entry. */
export interface Flag {
  readonly id: FlagId;
  /** The line in the file, from 1. */
  readonly line: number;
  /** Says what was found, with no secret in it. */
  readonly message: string;
}

/** Everything about one entry that does not depend on other entries, files or policy. Pure. */
export function findFlags(server: ConfiguredServer, detect: SecretDetector): readonly Flag[] {
  return [
    ...secretFlags(server, detect),
    ...packageFlags(server, detect),
    ...urlFlags(server, detect),
    ...shellFlags(server),
    ...approvalFlags(server),
    ...environmentFlags(server),
    ...temporaryFlags(server),
  ];
}

function secretFlags(server: ConfiguredServer, detect: SecretDetector): readonly Flag[] {
  return findSecrets(server, detect).map(({ place, rule, line, fingerprint }) => ({
    id: 'secret-plaintext',
    line,
    message: `${place} holds a secret (${rule}${fingerprint === null ? '' : `, fingerprint ${fingerprint}`})`,
  }));
}

function packageFlags(server: ConfiguredServer, detect: SecretDetector): readonly Flag[] {
  const words = server.command.map((text) => text.reveal());
  const launch = launchOf(words);
  if (launch === null || launch.unpinned === null) return [];
  const at = words.findIndex((word) => word === launch.subject || word.endsWith(`=${launch.subject}`));
  const line = server.command[at]?.line ?? server.line;
  // the subject as it may be shown: a repository may be written with a token
  const subject = at < 0 ? 'what it names' : `\`${maskedCommand(server, detect)[at] ?? ''}\``;
  return [{ id: 'package-unpinned', line, message: `\`${launch.launcher}\` fetches ${subject}: ${launch.unpinned}` }];
}

/** Hosts that stay on the machine. */
const LOOPBACK =
  /^(?:localhost|.*\.localhost|127(?:\.\d{1,3}){3}|\[::1\]|\[::ffff:127(?:\.\d{1,3}){3}\]|\[::ffff:7f[0-9a-f]{2}:[0-9a-f]{1,4}\])$/u;

function urlFlags(server: ConfiguredServer, detect: SecretDetector): readonly Flag[] {
  const { url } = server;
  const remote: readonly ConfigText[] = url === null ? server.command.slice(1) : [url];
  return remote.flatMap((text) => {
    const value = text.reveal();
    if (!/^(?:http|ws):\/\//iu.test(value) || isLoopback(value)) return [];
    const shown = url === null ? 'an argument' : `\`${maskedUrl(server, detect) ?? ''}\``;
    return [{ id: 'url-cleartext' as const, line: text.line, message: `${shown} is not encrypted` }];
  });
}

function isLoopback(value: string): boolean {
  const parsed = URL.canParse(value) ? new URL(value).hostname : '';
  // a host that a variable names is not known
  return LOOPBACK.test(parsed) || /^[a-z]+:\/\/[^/]*[${]/iu.test(value);
}

const SHELLS: ReadonlySet<string> = new Set(['sh', 'bash', 'zsh', 'dash', 'ash', 'ksh', 'fish', 'tcsh', 'csh']);

function shellFlags(server: ConfiguredServer): readonly Flag[] {
  const [program = '', ...args] = unwrapped(server.command.map((text) => text.reveal()));
  const name = programName(program);
  const line = server.command[0]?.line ?? server.line;
  const isShell =
    (SHELLS.has(name) && args.some((word) => /^-[a-z]*c$/u.test(word))) ||
    ((name === 'powershell' || name === 'pwsh') &&
      args.some((word) => /^[-/](?:c|command|e|ec|enc|encodedcommand)$/iu.test(word))) ||
    (name === 'cmd' && args.some((word) => /^\/[ck]/iu.test(word)));
  // `cmd /c npx …` is how programs that are scripts are started on Windows: flagged only with more than one command in it
  const isChain = isWindowsChain(server.command);
  if (!isShell && !isChain) return [];
  return [{ id: 'shell-wrapper', line, message: `is started by \`${isChain ? 'cmd' : name}\` from a text` }];
}

function isWindowsChain(command: readonly ConfigText[]): boolean {
  const [program = '', ...args] = command.map((text) => text.reveal());
  return programName(program) === 'cmd' && args.some((word) => /[&|<>^]/u.test(word));
}

function approvalFlags({ approved }: ConfiguredServer): readonly Flag[] {
  if (approved === null) return [];
  const { line, tools } = approved;
  if (tools === 'all') return [{ id: 'auto-approve', line, message: 'every tool is called without asking' }];
  const some = tools
    .slice(0, 5)
    .map((tool) => `\`${maskedName(tool).slice(0, 64)}\``)
    .join(', ');
  const rest = tools.length > 5 ? ` and ${tools.length - 5} more` : '';
  return [
    { id: 'auto-approve', line, message: `${some}${rest} ${tools.length === 1 ? 'is' : 'are'} called without asking` },
  ];
}

/** Variables that make a program, its runtime or its loader take in other code. */
const LOADING =
  /^(?:NODE_OPTIONS|NODE_PATH|LD_PRELOAD|LD_LIBRARY_PATH|LD_AUDIT|DYLD_\w+|PYTHONPATH|PYTHONSTARTUP|PYTHONHOME|PERL5OPT|PERL5LIB|RUBYOPT|RUBYLIB|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS|DOTNET_STARTUP_HOOKS|BASH_ENV|ENV|ZDOTDIR|GIT_SSH_COMMAND|BUN_OPTIONS)$/iu;

/** Variables that turn certificate verification off, with the values that do. */
const UNVERIFIED: ReadonlyMap<string, RegExp> = new Map([
  ['NODE_TLS_REJECT_UNAUTHORIZED', /^0$/u],
  ['PYTHONHTTPSVERIFY', /^0$/u],
  ['GIT_SSL_NO_VERIFY', /^(?:1|true|yes|on)$/iu],
]);

function environmentFlags({ environment }: ConfiguredServer): readonly Flag[] {
  return Array.from(environment).flatMap(([name, text]): readonly Flag[] => {
    if (LOADING.test(name)) {
      return [
        { id: 'environment-loading', line: text.line, message: `variable \`${name}\` changes what code is loaded` },
      ];
    }
    if (UNVERIFIED.get(name.toUpperCase())?.test(text.reveal()) !== true) return [];
    return [
      {
        id: 'tls-unverified',
        line: text.line,
        message: `variable \`${name}\` turns the verification of certificates off`,
      },
    ];
  });
}

const TEMPORARY =
  /^(?:\/(?:private\/)?(?:tmp|var\/tmp|var\/folders|dev\/shm)(?:\/|$)|(?:~|\$HOME|\$\{HOME\}|\/home\/[^/]+|\/Users\/[^/]+|\/root)\/Downloads(?:\/|$)|\$\{?TMPDIR\b|%(?:TEMP|TMP)%|%USERPROFILE%[/\\]Downloads\b|[A-Za-z]:[/\\](?:Windows[/\\]Temp|Temp|tmp)(?:[/\\]|$)|[A-Za-z]:[/\\]Users[/\\][^/\\]+[/\\](?:Downloads|AppData[/\\]Local[/\\]Temp)(?:[/\\]|$))/iu;

/** Programs whose first operand is the program that really runs. */
const INTERPRETERS =
  /^(?:node|nodejs|bun|deno|tsx|ts-node|python[\d.]*|py|ruby|perl|php|java|dotnet|sh|bash|zsh|pwsh|powershell)$/u;

function temporaryFlags(server: ConfiguredServer): readonly Flag[] {
  const words = unwrapped(server.command.map((text) => text.reveal()));
  const [program = ''] = words;
  const script = INTERPRETERS.test(programName(program))
    ? words.slice(1).find((word) => !word.startsWith('-') && word !== 'run')
    : undefined;
  const found = [program, script, server.workingDirectory?.reveal()].find(
    (path) => path !== undefined && TEMPORARY.test(path),
  );
  if (found === undefined) return [];
  const line =
    server.command.find((text) => text.reveal() === found)?.line ?? server.workingDirectory?.line ?? server.line;
  return [{ id: 'command-temporary', line, message: 'runs from a folder for temporary files or downloads' }];
}
