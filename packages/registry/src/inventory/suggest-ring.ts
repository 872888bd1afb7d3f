/** A tool as its server describes it: the part that a suggestion is made from. */
export interface DescribedTool {
  readonly name: string;
  readonly annotations?:
    | { readonly readOnlyHint?: boolean | undefined; readonly destructiveHint?: boolean | undefined }
    | undefined;
}

/** What a tool seems to do. */
export type SideEffect = 'read' | 'write' | 'destructive';

/** A suggestion, never a judgement: names and annotations are what the server says of itself. */
export interface RingSuggestion {
  /** 0 public metadata, 1 narrow read, 2 broad read or bounded write, 3 destructive, credentials or identity. */
  readonly ring: 0 | 1 | 2 | 3;
  readonly effect: SideEffect;
  readonly reason: string;
}

/** Whole words, as in `delete_file` or `deleteFile`. */
const DESTRUCTIVE = new Set(
  'delete remove drop destroy purge erase wipe truncate kill terminate shutdown reset revoke format uninstall overwrite rollback ban'.split(
    ' ',
  ),
);
const PRIVILEGED = new Set(
  'exec execute run shell bash terminal command eval script sudo ssh deploy password passwords secret secrets credential credentials token tokens permission permissions role roles grant iam login impersonate transfer pay payment payout refund env environment'.split(
    ' ',
  ),
);
const WRITING = new Set(
  'create update write edit set add insert upsert put post patch send reply publish upload move rename copy merge commit push fork assign close open start stop restart toggle trigger book order cancel approve import sync save store schedule invite click type navigate press fill submit'.split(
    ' ',
  ),
);
const BROAD = new Set('export dump query sql all bulk download crawl scrape tree recursive history logs'.split(' '));
const READING = new Set(
  'get read list search find fetch show view describe lookup check count status info help ping echo time resolve validate explain compare summarize'.split(
    ' ',
  ),
);

/**
 * Suggests a ring for a tool from its name and annotations. Annotations only raise it: a tool that calls itself read-only and is
 * named `delete_file` is in ring 3.
 */
export function suggestRing({ name, annotations }: DescribedTool): RingSuggestion {
  const words = wordsOf(name);
  const find = (set: ReadonlySet<string>): string | undefined => words.find((word) => set.has(word));
  const destructive = find(DESTRUCTIVE);
  if (destructive !== undefined) return { ring: 3, effect: 'destructive', reason: `the name says \`${destructive}\`` };
  const privileged = find(PRIVILEGED);
  if (privileged !== undefined) {
    const effect = find(READING) === undefined ? 'write' : 'read';
    return { ring: 3, effect, reason: `the name says \`${privileged}\`` };
  }
  const isReadOnly = annotations?.readOnlyHint === true;
  if (annotations?.destructiveHint === true && !isReadOnly) {
    return { ring: 3, effect: 'destructive', reason: 'the server says that it destroys' };
  }
  const writing = find(WRITING);
  if (writing !== undefined) return { ring: 2, effect: 'write', reason: `the name says \`${writing}\`` };
  const broad = find(BROAD);
  if (broad !== undefined) return { ring: 2, effect: 'read', reason: `the name says \`${broad}\`` };
  const reading = find(READING);
  if (reading !== undefined) return { ring: 1, effect: 'read', reason: `the name says \`${reading}\`` };
  if (isReadOnly) return { ring: 1, effect: 'read', reason: 'the server says that it only reads' };
  return { ring: 2, effect: 'write', reason: 'nothing says that it only reads' };
}

/** Words in commands and names of servers that run commands, or reach into a machine or an account. */
const POWERFUL =
  /(?:^|[^a-z])(?:shell|bash|terminal|commander|exec|ssh|kubernetes|k8s|docker|aws|azure|gcp|terraform|vault|keychain|1password|bitwarden|stripe|paypal|wallet|applescript|puppeteer|playwright|browser)(?:[^a-z]|$)/u;

/** The same for a whole server: of its tools the highest, or what its name suggests as long as those are not known. */
export function suggestServerRing(
  server: { readonly name: string; readonly command: readonly string[] },
  tools: readonly RingSuggestion[] | null,
): { readonly ring: RingSuggestion['ring']; readonly reason: string } {
  const [first, ...rest] = tools ?? [];
  if (first !== undefined) {
    const highest = rest.reduce((most, tool) => (tool.ring > most.ring ? tool : most), first);
    return { ring: highest.ring, reason: 'the highest of its tools' };
  }
  const text = [server.name, ...server.command.slice(0, 20)].join(' ').toLowerCase();
  const word = POWERFUL.exec(text)?.[0].replaceAll(/[^a-z0-9]/gu, '');
  if (word !== undefined) return { ring: 3, reason: `it is called \`${word}\`` };
  return { ring: 2, reason: 'its tools are not known' };
}

function wordsOf(name: string): readonly string[] {
  return name
    .slice(0, 256)
    .replaceAll(/(?<=[a-z0-9])(?=[A-Z])/gu, '_')
    .toLowerCase()
    .split(/[^a-z0-9]+/u);
}
