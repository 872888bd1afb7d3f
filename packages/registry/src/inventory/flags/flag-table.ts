/** How much a finding matters: `error` before anything else, `warning` soon, `note` good to know. */
export type FlagSeverity = 'error' | 'warning' | 'note';

/** Severities from the least to the most. */
export const SEVERITIES: readonly FlagSeverity[] = ['note', 'warning', 'error'];

export interface FlagDescription {
  readonly severity: FlagSeverity;
  /** Completes "Finds …". */
  readonly finds: string;
  /** What to do about it. */
  readonly help: string;
}

/** The id of a flag. Stable: scripts and code scanning rely on it. */
export type FlagId =
  | 'secret-plaintext'
  | 'server-shadow'
  | 'server-differs'
  | 'server-duplicate'
  | 'package-unpinned'
  | 'url-cleartext'
  | 'tls-unverified'
  | 'shell-wrapper'
  | 'auto-approve'
  | 'environment-loading'
  | 'command-temporary'
  | 'file-writable'
  | 'file-unreadable'
  | 'file-malformed'
  | 'entry-unknown'
  | 'server-unreachable';

/** Everything that the inventory flags. Documented in docs/reference/inventory.md, which a test holds to this table. */
export const FLAGS: Readonly<Record<FlagId, FlagDescription>> = {
  'secret-plaintext': {
    severity: 'error',
    finds: 'a credential written out in a configuration file: in a variable, an argument, a header or a URL',
    help: 'Replace it, since it must be taken as known, and refer to a variable, a prompt, a helper or a keyring instead.',
  },
  'server-shadow': {
    severity: 'error',
    finds: 'a server that the policy does not have',
    help: 'Add it to the policy, or take it out of the configuration.',
  },
  'server-differs': {
    severity: 'error',
    finds: 'a server with the name of one in the policy and another command or URL',
    help: 'Make the configuration and the identity in the policy the same, or rename one of them.',
  },
  'server-duplicate': {
    severity: 'warning',
    finds: 'the same name for different servers',
    help: 'Give each its own name: whoever approves one must know which.',
  },
  'package-unpinned': {
    severity: 'warning',
    finds: 'a package, image or repository that may be something else at the next start',
    help: 'Name an exact version, an image digest or a commit, or install the server and start it from there.',
  },
  'url-cleartext': {
    severity: 'error',
    finds: 'a server reached over http on another machine: everybody on the way reads and changes what is said',
    help: 'Use https.',
  },
  'tls-unverified': {
    severity: 'error',
    finds: 'a server that is told not to verify certificates',
    help: 'Trust the one certificate that is meant (`NODE_EXTRA_CA_CERTS`) instead of all.',
  },
  'shell-wrapper': {
    severity: 'warning',
    finds: 'a server started through a shell, whose text may do anything',
    help: 'Start the program itself, with its arguments as a list.',
  },
  'auto-approve': {
    severity: 'warning',
    finds: 'tools that the host calls without asking anybody',
    help: 'Take out what does more than read, and let policy decide.',
  },
  'environment-loading': {
    severity: 'warning',
    finds: 'a variable that makes the program load other code',
    help: 'Take the variable out, or make sure that what it names is yours.',
  },
  'command-temporary': {
    severity: 'error',
    finds: 'a server that runs from a folder for temporary files or downloads, where others may put things',
    help: 'Install it in a folder that only its owner may write to.',
  },
  'file-writable': {
    severity: 'error',
    finds: 'a configuration file that everybody on the machine may write to',
    help: 'Take the permission away: `chmod o-w`.',
  },
  'file-unreadable': {
    severity: 'warning',
    finds: 'a configuration file that could not be read, so its servers are not known',
    help: 'Let the inventory read it, or look into it by hand.',
  },
  'file-malformed': {
    severity: 'warning',
    finds: 'a configuration file with a mistake, so not all of its servers may be known',
    help: 'Mend the text.',
  },
  'entry-unknown': {
    severity: 'note',
    finds: 'an entry that is no server the inventory can read',
    help: 'Take it out, or give it a command or a URL.',
  },
  'server-unreachable': {
    severity: 'note',
    finds: 'a server that did not tell its tools',
    help: 'See the reason; the server may need a login or a variable.',
  },
};
