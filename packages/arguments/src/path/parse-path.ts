import { FINDINGS, type Finding } from './problems.ts';

/** A path in parts. `anchor` is what it begins at: `/`, `C:/`, or nothing where it is relative. */
export interface ParsedPath {
  readonly anchor: string;
  readonly names: readonly string[];
  /** Whether it ended with a separator, and so names a folder. */
  readonly isFolder: boolean;
}

export type Platform = 'posix' | 'windows' | 'any';

// RFC 3986 §3.1, and the prefixes that PHP, Java and others take for one without slashes
const URL_LIKE =
  /^(?:[A-Za-z][A-Za-z0-9+.-]{1,30}:[/\\]|(?:file|data|jar|php|phar|zip|glob|expect|netdoc|view-source):)/iu;
const DRIVE = /^([A-Za-z]):(.?)/u;

/** Splits a path, or says why it must not be read at all. Nothing is resolved: `.` and `..` are refused elsewhere. */
export function parsePath(text: string, platform: Platform): ParsedPath | Finding {
  if (URL_LIKE.test(text)) return FINDINGS.url;
  if (/^[/\\]{2}/u.test(text) || /^[/\\]\?\?/u.test(text)) return FINDINGS.network;
  const isWindows = platform === 'windows';
  if (!isWindows && text.includes('\\')) return FINDINGS.backslash;
  const path = isWindows ? text.replaceAll('\\', '/') : text;
  const drive = DRIVE.exec(path);
  if (drive !== null && platform === 'posix') return drive[2] === '/' ? FINDINGS.drive : split('', path, platform);
  if (drive !== null) {
    if (drive[2] !== '/') return FINDINGS.driveRelative;
    return split(`${(drive[1] ?? '').toUpperCase()}:/`, path.slice(3), platform);
  }
  if (!path.startsWith('/')) return split('', path, platform);
  return isWindows ? FINDINGS.noDrive : split('/', path.slice(1), platform);
}

function split(anchor: string, path: string, platform: Platform): ParsedPath | Finding {
  const names = path.split('/');
  const isFolder = names.length > 1 && names.at(-1) === '';
  if (isFolder || path === '') names.pop();
  // one `./` in front, or `.` alone, is how many programs write a relative path
  if (anchor === '' && names[0] === '.') names.shift();
  if (names.includes('')) return FINDINGS.emptySegment;
  if (platform !== 'posix' && path.includes(':')) return FINDINGS.colon;
  return { anchor, names, isFolder };
}

export function isFinding(value: ParsedPath | Finding | string | undefined): value is Finding {
  return typeof value === 'object' && 'code' in value;
}

/** A path as text, with `/` between its names and none at its end. */
export function printPath(anchor: string, names: readonly string[]): string {
  const joined = `${anchor}${names.join('/')}`;
  return joined === '' ? '.' : joined;
}
