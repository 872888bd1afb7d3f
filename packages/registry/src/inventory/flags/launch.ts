/** What a command starts, where that is a package that a launcher fetches. */
export interface Launch {
  /** `npx`, `uvx`, `docker`, … */
  readonly launcher: string;
  /** The package, image or repository, as written. */
  readonly subject: string;
  /** Null when the subject always stands for the same bytes; else why it does not. */
  readonly unpinned: string | null;
}

/** The program's name: no folder, no `.exe` or `.cmd`. */
export function programName(command: string): string {
  const name = command.split(/[/\\]/u).at(-1) ?? '';
  return name.replace(/\.(?:exe|cmd|bat|ps1)$/iu, '').toLowerCase();
}

/** What is run in the end: without `env`, `sudo` and a plain `cmd /c` in front. */
export function unwrapped(command: readonly string[]): readonly string[] {
  const [program = '', ...rest] = command;
  const name = programName(program);
  if (name === 'env')
    return unwrapped(rest.slice(lengthOf(rest, (word) => word.startsWith('-') || /^\w+=/u.test(word))));
  if (name === 'sudo' || name === 'nohup' || name === 'nice')
    return unwrapped(rest.slice(lengthOf(rest, (word) => word.startsWith('-'))));
  if (name === 'cmd' && /^\/[ck]$/iu.test(rest[0] ?? '') && rest.length > 2) return unwrapped(rest.slice(1));
  return command;
}

/** How many words at the beginning are such. */
function lengthOf(words: readonly string[], isSuch: (word: string) => boolean): number {
  const end = words.findIndex((word) => !isSuch(word));
  return end < 0 ? words.length : end;
}

/** What a command fetches and runs; null for a command that is on the machine already. */
export function launchOf(command: readonly string[]): Launch | null {
  const [program = '', ...args] = unwrapped(command);
  const name = programName(program);
  const [first = '', second = ''] = args;
  switch (name) {
    case 'npx':
    case 'bunx':
    case 'pnpx':
      return nodePackage(name, args);
    case 'npm':
      return first === 'exec' || first === 'x' ? nodePackage('npm exec', args.slice(1)) : null;
    case 'bun':
      return first === 'x' ? nodePackage('bun x', args.slice(1)) : null;
    case 'pnpm':
    case 'yarn':
      return first === 'dlx' ? nodePackage(`${name} dlx`, args.slice(1)) : null;
    case 'uvx':
      return pythonPackage('uvx', args);
    case 'uv':
      return first === 'tool' && second === 'run' ? pythonPackage('uv tool run', args.slice(2)) : uvRun(args);
    case 'pipx':
      return first === 'run' ? pythonPackage('pipx run', args.slice(1)) : null;
    case 'docker':
    case 'podman':
    case 'nerdctl':
      return containerImage(name, args);
    case 'deno':
      return denoModule(args);
    case 'go':
      return first === 'run' ? goModule(args.slice(1)) : null;
    default:
      return null;
  }
}

/** Options of npx, bunx, uvx and pipx that are followed by a value. */
const VALUED =
  /^(?:-p|--package|--from|--with|--python|--registry|--cache|--prefix|--index-url|--index|--spec|-c|--call|-w|--workspace|--userconfig)$/u;

/** The value of an option, or the first word that is neither an option nor a value of one. */
function subjectOf(args: readonly string[], options: readonly string[]): string | undefined {
  for (const [index, word] of args.entries()) {
    if (options.includes(word)) return args[index + 1];
    const inline = options.find((option) => option.startsWith('--') && word.startsWith(`${option}=`));
    if (inline !== undefined) return word.slice(inline.length + 1);
  }
  return firstOperand(args, VALUED);
}

function firstOperand(args: readonly string[], valued: RegExp): string | undefined {
  for (let index = 0; index < args.length; index += 1) {
    const word = args[index] ?? '';
    if (valued.test(word)) index += 1;
    else if (word === '--') return args[index + 1];
    else if (!word.startsWith('-')) return word;
  }
  return undefined;
}

function nodePackage(launcher: string, args: readonly string[]): Launch | null {
  const subject = subjectOf(args, ['-p', '--package']);
  if (subject === undefined || isLocal(subject)) return null;
  if (isRepository(subject)) return { launcher, subject, unpinned: repositoryReason(subject) };
  // an exact version, as npm has it: one release, whose bytes never change
  const version = /^(?:@[^/@]+\/)?[^/@]+@(?<version>[^/]*)$/u.exec(subject)?.groups?.['version'];
  return { launcher, subject, unpinned: versionReason(version) };
}

function pythonPackage(launcher: string, args: readonly string[]): Launch | null {
  const subject = subjectOf(args, ['--from', '--spec']);
  if (subject === undefined || isLocal(subject)) return null;
  if (isRepository(subject)) return { launcher, subject, unpinned: repositoryReason(subject) };
  const version = /^[^=@<>~!]+(?:===?|@)\s?(?<version>[^,]*)$/u.exec(subject)?.groups?.['version'];
  return { launcher, subject, unpinned: versionReason(version) };
}

/** `uv run` runs what is there, with what `--with` adds. */
function uvRun(args: readonly string[]): Launch | null {
  const at = args.findIndex((word) => word === '--with' || word.startsWith('--with='));
  if (args[0] !== 'run' || at < 0) return null;
  const subject = args[at]?.startsWith('--with=') === true ? args[at].slice('--with='.length) : args[at + 1];
  return subject === undefined ? null : pythonPackage('uv run --with', [subject]);
}

/** Options of `docker run` without a value; every other one has one, as `--name value` or `--name=value`. */
const CONTAINER_SWITCH =
  /^(?:-[dPiqt]+|--(?:detach|init|interactive|tty|rm|privileged|publish-all|read-only|no-healthcheck|oom-kill-disable|quiet|sig-proxy|disable-content-trust))$/u;

function containerImage(launcher: string, args: readonly string[]): Launch | null {
  const at = args.indexOf('run');
  if (at < 0) return null;
  const rest = args.slice(at + 1);
  for (let index = 0; index < rest.length; index += 1) {
    const word = rest[index] ?? '';
    if (!word.startsWith('-')) {
      const isPinned = /@sha256:[0-9a-f]{64}$/u.test(word);
      return {
        launcher,
        subject: word,
        unpinned: isPinned ? null : 'a tag may stand for another image tomorrow; name its digest',
      };
    }
    if (!CONTAINER_SWITCH.test(word) && !word.includes('=')) index += 1;
  }
  return null;
}

function denoModule(args: readonly string[]): Launch | null {
  const subject = args.find((word) => /^(?:npm:|jsr:|https?:)/u.test(word));
  if (subject === undefined) return null;
  const version = /@(?<version>v?\d[^/]*)/u.exec(subject.replace(/^(?:npm|jsr):@/u, ''))?.groups?.['version'];
  return { launcher: 'deno', subject, unpinned: versionReason(version) };
}

function goModule(args: readonly string[]): Launch | null {
  const subject = args.find((word) => !word.startsWith('-'));
  if (subject === undefined || isLocal(subject) || !subject.includes('@')) return null;
  return { launcher: 'go run', subject, unpinned: versionReason(subject.split('@').at(-1)) };
}

function isLocal(subject: string): boolean {
  return /^(?:\.{0,2}[/\\]|~|\.$|[A-Za-z]:[/\\]|file:)/u.test(subject);
}

function isRepository(subject: string): boolean {
  return /^(?:git\+|git:|git@|github:|gitlab:|bitbucket:|gist:|https?:|ssh:)|\s@\s|^[\w.-]+\/[\w.-]+(?:#|$)/u.test(
    subject,
  );
}

function repositoryReason(subject: string): string | null {
  const isCommit = /[@#][0-9a-f]{40}(?:[#&?]|$)/u.test(subject);
  return isCommit ? null : 'a repository without a commit is whatever was pushed last; name the commit';
}

function versionReason(version: string | undefined): string | null {
  if (version === undefined || version === '') return 'no version is named, so the newest is fetched; name one';
  // https://semver.org, and PEP 440 releases
  if (/^v?\d+(?:\.\d+){1,3}(?:[-+.]?[0-9A-Za-z][0-9A-Za-z.+-]*)?$/u.test(version) && !/[x*]$/iu.test(version))
    return null;
  return `\`${version.slice(0, 40)}\` is no exact version, so what is fetched may change; name one`;
}
