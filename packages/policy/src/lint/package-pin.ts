/** A package that is fetched without an exact version. */
export interface UnpinnedPackage {
  /** As the command line names it. */
  readonly spec: string;
  /** How a pinned one is written. */
  readonly remedy: string;
}

/** What programs that fetch a package and run it have in common. */
interface Runner {
  /** Options that are followed by a value. */
  readonly valued: readonly string[];
  /** Options whose value is the package; without one of them, the first operand is. */
  readonly packages: readonly string[];
  readonly isPinned: (spec: string) => boolean;
  readonly remedy: (spec: string) => string;
}

const EXACT = '[0-9]+\\.[0-9]+[0-9A-Za-z.+!-]*';
const NPM_PINNED = new RegExp(String.raw`.@[v=]?[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*$`, 'u');
const PYTHON_PINNED = new RegExp(`(?:===?|.@)${EXACT}$`, 'u');
const LOCAL_OR_COMMIT = /^(?:\.|\/|~|[A-Za-z]:[\\/]|file:)|#[0-9a-f]{40}$/u;

const NPM: Runner = {
  valued: ['-p', '--package', '-c', '--call', '-w', '--workspace', '--registry', '--cache'],
  packages: ['-p', '--package'],
  isPinned: (spec) => LOCAL_OR_COMMIT.test(spec) || NPM_PINNED.test(spec),
  remedy: (spec) => `\`${spec.replace(/(?!^)@[^@/]*$/u, '')}@1.2.3\``,
};

const PYTHON: Runner = {
  valued: ['--from', '--with', '--spec', '-p', '--python', '--index-url', '--default-index', '--index', '--directory'],
  packages: ['--from', '--spec'],
  isPinned: (spec) => LOCAL_OR_COMMIT.test(spec) || /@[0-9a-f]{40}$/u.test(spec) || PYTHON_PINNED.test(spec),
  remedy: (spec) => `\`${spec.replace(/(?:[<>=!~@].*)$/u, '')}==1.2.3\``,
};

const CONTAINER: Runner = {
  valued:
    '-e --env --env-file -v --volume --mount -p --publish --name --network --net -w --workdir -u --user -h --hostname -l --label -m --memory --cpus --entrypoint --add-host --dns --platform --pull --restart --runtime --security-opt --cap-add --cap-drop --tmpfs --ulimit --gpus --device'.split(
      ' ',
    ),
  packages: [],
  isPinned: (spec) => /@sha256:[0-9a-f]{64}$|:(?!latest$)[^:/@]+$/u.test(spec),
  remedy: (spec) => `\`${spec.replace(/:latest$/u, '')}@sha256:…\`, or a tag`,
};

const RUNNERS: readonly (readonly [words: readonly string[], family: Runner])[] = [
  [['npx'], NPM],
  [['pnpx'], NPM],
  [['bunx'], NPM],
  [['npm', 'exec'], NPM],
  [['npm', 'x'], NPM],
  [['pnpm', 'dlx'], NPM],
  [['yarn', 'dlx'], NPM],
  [['bun', 'x'], NPM],
  [['uvx'], PYTHON],
  [['uv', 'tool', 'run'], PYTHON],
  [['pipx', 'run'], PYTHON],
  [['docker', 'run'], CONTAINER],
  [['docker', 'container', 'run'], CONTAINER],
  [['podman', 'run'], CONTAINER],
  [['nerdctl', 'run'], CONTAINER],
];

/** The package that a server's command line fetches without an exact version; undefined where it fetches none, or pins it. */
export function unpinnedPackage(command: string, args: readonly string[]): UnpinnedPackage | undefined {
  const program = (command.split(/[/\\]/u).at(-1) ?? '').toLowerCase().replace(/\.(?:exe|cmd|bat|ps1)$/u, '');
  const line = [program, ...args];
  const known = RUNNERS.find(([words]) => words.every((word, index) => line[index] === word));
  if (known === undefined) return undefined;
  const [words, runner] = known;
  const spec = packagesOf(runner, line.slice(words.length)).find((one) => !runner.isPinned(one));
  return spec === undefined ? undefined : { spec, remedy: runner.remedy(spec) };
}

function packagesOf(runner: Runner, args: readonly string[]): readonly string[] {
  const packages: string[] = [];
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    const [option = '', value] = arg.split(/=(.*)/su);
    if (!arg.startsWith('-') || arg === '-') return packages.length > 0 ? packages : [arg];
    if (arg === '--') continue;
    const isPackage = runner.packages.includes(option);
    const takesNext = value === undefined && runner.valued.includes(option);
    if (takesNext) index += 1;
    if (isPackage) packages.push(value ?? args[index] ?? '');
  }
  return packages;
}
