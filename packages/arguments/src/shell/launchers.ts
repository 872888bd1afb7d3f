/** What a program offers to run other programs with. */
export interface Launcher {
  /** Flags that run what they are given, load code, or read options from a file. */
  readonly flags: ReadonlySet<string>;
  /** Subcommands that do. */
  readonly subcommands: ReadonlySet<string>;
  /** Whether operands are, or may be, code or commands. */
  readonly hasOperands: boolean;
}

/** Programs whose operands are a command, a program text, or a file of it. Builtins of shells among them. */
const RUN_OPERANDS = `
  sh bash dash ash zsh ksh mksh rbash fish csh tcsh busybox toybox cmd powershell pwsh wsl osascript
  . source eval exec command builtin trap alias coproc env export declare typeset local readonly set enable hash
  sudo doas su runuser pkexec chroot unshare nsenter setpriv capsh xargs parallel nice ionice chrt taskset nohup timeout time stdbuf setsid
  setarch linux64 flock watch script expect unbuffer strace ltrace gdb lldb valgrind perf ssh sshpass rsh mosh telnet ncat nc netcat
  socat at batch crontab systemd-run screen tmux dialog start-stop-daemon run-parts runcon faketime proot firejail bwrap xvfb-run dbus-run-session
  python python2 python3 pypy perl ruby node nodejs deno bun tsx ts-node php lua luajit tclsh wish Rscript R julia ghc runghc scala groovy
  awk gawk mawk nawk sed ed ex vi vim nvim view emacs nano dc bc m4 jshell irb java javac
  make gmake cmake ninja just rake ant gradle mvn bazel npx pnpx bunx uvx pipx nix-shell nix npm pnpm yarn pip pip3 gem cargo go
  apt apt-get dpkg rpm dnf yum apk pacman brew snap flatpak sqlite3 mysql mariadb psql mongosh redis-cli gnuplot latex pdflatex xelatex lualatex
  gs convert magick mutt mail mailx ftp sftp lftp man less more most info qemu-system-x86_64 ansible ansible-playbook terraform vagrant
`;

/**
 * Programs with flags or subcommands that run others. A flag with `name:` in front counts after that subcommand only, one with `:`
 * before any subcommand.
 */
const RUN_BY_FLAG: Readonly<Record<string, string>> = {
  git: `:-c :--config-env :--exec-path :-C :--git-dir :--work-tree --upload-pack --receive-pack --exec --ext-diff --textconv
    clone:-u clone:-c clone:--config clone:--template init:--template rebase:-x grep:-O grep:--open-files-in-pager
    bisect difftool mergetool submodule filter-branch config help web--browse hook daemon shell send-email instaweb gui citool`,
  find: '-exec -execdir -ok -okdir -fprintf -fprint -fprint0 -fls -files0-from',
  fd: '-x --exec -X --exec-batch',
  fdfind: '-x --exec -X --exec-batch',
  rg: '--pre --hostname-bin',
  ag: '--pager',
  tar: `--checkpoint-action --to-command --use-compress-program -I --rsh-command --rmt-command -F --info-script --new-volume-script
    -T --files-from`,
  bsdtar: '--use-compress-program -I -T',
  zip: '-TT --unzip-command -@',
  rsync: '-e --rsh --rsync-path -M --remote-option --files-from',
  scp: '-S -o -F -D -J',
  curl: '-K --config --engine',
  wget: '-e --execute --use-askpass --config -i --input-file',
  sort: '--compress-program --files0-from',
  split: '--filter',
  ip: 'netns vrf',
  docker: ':--config :-H :--host :-c :--context run exec build buildx compose plugin stack swarm create start',
  podman: ':--remote :--url run exec build compose create start',
  kubectl: '--kubeconfig exec run debug plugin cp attach edit proxy',
  helm: '--post-renderer plugin install upgrade',
  systemctl: 'edit start restart link enable',
  svn: '--config-option --config-dir --diff-cmd --diff3-cmd --editor-cmd',
  hg: '--config --config-file -R',
  gh: 'alias extension',
  gcc: '-B -wrapper -fplugin -specs -Wl -Xlinker',
  'g++': '-B -wrapper -fplugin -specs -Wl -Xlinker',
  clang: '-B -fplugin -Xclang',
  ld: '-plugin --plugin',
  openssl: '-engine -provider -provider-path -config engine',
  patch: '-e --ed',
  install: '--strip-program',
  tcpdump: '-z --postrotate-command',
  nmap: '--script --script-args --script-args-file --datadir',
  jq: '-L --library-path',
  iptables: '--modprobe',
  modprobe: '-C --config',
};

function words(text: string): readonly string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}

const TABLE: ReadonlyMap<string, Launcher> = new Map([
  ...words(RUN_OPERANDS).map((name): [string, Launcher] => [
    name,
    { flags: new Set(), subcommands: new Set(), hasOperands: true },
  ]),
  ...Object.entries(RUN_BY_FLAG).map(([name, list]): [string, Launcher] => [
    name,
    {
      flags: new Set(words(list).filter((word) => /^(?:[\w-]*:)?-/u.test(word))),
      subcommands: new Set(words(list).filter((word) => !/^(?:[\w-]*:)?-/u.test(word))),
      hasOperands: false,
    },
  ]),
]);

/** What a program, as typed, can run others with; undefined where nothing is known. The table is a help, not a proof. */
export function launcherOf(program: string): Launcher | undefined {
  const name = programName(program).replace(/\.exe$/iu, '');
  return TABLE.get(name) ?? TABLE.get(name.toLowerCase()) ?? TABLE.get(name.replace(/-?\d+(?:\.\d+)*$/u, ''));
}

/** Whether a flag can run others, at its place: after `subcommand`, or before any where that is `""`. */
export function isRunning(launcher: Launcher, flag: string, subcommand: string): boolean {
  return launcher.flags.has(flag) || launcher.flags.has(`${subcommand}:${flag}`);
}

/** The name of a program without its folder. */
export function programName(program: string): string {
  return program.slice(program.lastIndexOf('/') + 1);
}
