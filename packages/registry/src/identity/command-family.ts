/** What starts a server: a program that fetches a package, one that runs a script it is given, or the server itself. */
export type CommandFamily = 'npm-runner' | 'other-runner' | 'interpreter' | 'program';

/** Programs that fetch a package and run it, and how many words of the command line say so. */
const NPM_RUNNERS: readonly (readonly string[])[] = [
  ['npx'],
  ['pnpx'],
  ['bunx'],
  ['npm', 'exec'],
  ['npm', 'x'],
  ['pnpm', 'dlx'],
  ['yarn', 'dlx'],
  ['bun', 'x'],
];
const OTHER_RUNNERS: ReadonlySet<string> = new Set(['docker', 'nerdctl', 'pipx', 'podman', 'uv', 'uvx']);
const INTERPRETERS: ReadonlySet<string> = new Set(
  'bash bun deno java node nodejs perl php python python3 ruby sh ts-node tsx zsh'.split(' '),
);

/** Options of npm runners that name the package, and those that are followed by some other value. */
const PACKAGE_OPTIONS: ReadonlySet<string> = new Set(['-p', '--package']);
const VALUED_OPTIONS: ReadonlySet<string> = new Set(['-c', '--cache', '--call', '--registry', '-w', '--workspace']);

/** Which of them a command line is. */
export function commandFamily(command: string, args: readonly string[]): CommandFamily {
  const line = [programName(command), ...args];
  if (NPM_RUNNERS.some((words) => words.every((word, index) => line[index] === word))) return 'npm-runner';
  const [program = ''] = line;
  if (OTHER_RUNNERS.has(program)) return 'other-runner';
  return INTERPRETERS.has(program) || /^python3\.\d+$/u.test(program) ? 'interpreter' : 'program';
}

/** What a package is asked for by: `@scope/name@range`. */
export interface PackageSpec {
  /** As it was typed. */
  readonly text: string;
  readonly name: string;
  /** A version, a range or a tag; null where none was given. */
  readonly range: string | null;
}

/** The package that a command line of an npm runner asks for; undefined where it is no name in a registry. */
export function packageSpec(command: string, args: readonly string[]): PackageSpec | undefined {
  const line = [programName(command), ...args];
  const words = NPM_RUNNERS.find((one) => one.every((word, index) => line[index] === word))?.length ?? 1;
  const text = specOf(line.slice(words));
  const match = /^(?<name>(?:@[\w.~-]+\/)?[\w.~-]+)(?:@(?<range>[^/:]+))?$/u.exec(text ?? '');
  if (text === undefined || match?.groups === undefined || text.startsWith('.')) return undefined;
  return { text, name: match.groups['name'] ?? '', range: match.groups['range'] ?? null };
}

function specOf(args: readonly string[]): string | undefined {
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    const [option = '', value] = arg.split(/=(.*)/su);
    if (!arg.startsWith('-')) return arg;
    if (PACKAGE_OPTIONS.has(option)) return value ?? args[index + 1];
    if (value === undefined && VALUED_OPTIONS.has(option)) index += 1;
  }
  return undefined;
}

function programName(command: string): string {
  return (command.split(/[/\\]/u).at(-1) ?? '').toLowerCase().replace(/\.(?:exe|cmd|bat|ps1)$/u, '');
}
