/** What the kind `path` finds wrong. */
export type PathProblemCode =
  | 'path.type'
  | 'path.empty'
  | 'path.length'
  | 'path.character'
  | 'path.lookalike'
  | 'path.normalization'
  | 'path.encoding'
  | 'path.expansion'
  | 'path.wildcard'
  | 'path.option'
  | 'path.url'
  | 'path.network'
  | 'path.drive'
  | 'path.colon'
  | 'path.backslash'
  | 'path.traversal'
  | 'path.dot_segment'
  | 'path.empty_segment'
  | 'path.device'
  | 'path.trailing'
  | 'path.short_name'
  | 'path.special'
  | 'path.outside'
  | 'path.hidden'
  | 'path.extension'
  | 'path.depth'
  | 'path.denied';

/** One thing that is wrong: its code, what came in words, and what to do. */
export interface Finding {
  readonly code: PathProblemCode;
  readonly got: string;
  readonly hint?: string;
}

type FindingName =
  | 'empty'
  | 'control'
  | 'invisible'
  | 'surrogate'
  | 'illegal'
  | 'edge'
  | 'lookalike'
  | 'normalization'
  | 'encoding'
  | 'expansion'
  | 'wildcard'
  | 'option'
  | 'url'
  | 'network'
  | 'drive'
  | 'driveRelative'
  | 'noDrive'
  | 'colon'
  | 'backslash'
  | 'traversal'
  | 'dotSegment'
  | 'emptySegment'
  | 'device'
  | 'trailing'
  | 'shortName'
  | 'longName'
  | 'special';

/** What is found in a text before anything is known of roots. */
export const FINDINGS: Readonly<Record<FindingName, Finding>> = {
  empty: { code: 'path.empty', got: 'an empty text' },
  control: { code: 'path.character', got: 'a path with a control character', hint: 'remove control characters' },
  invisible: { code: 'path.character', got: 'a path with an invisible character', hint: 'remove invisible characters' },
  surrogate: { code: 'path.character', got: 'a path that is not well-formed Unicode' },
  illegal: {
    code: 'path.character',
    got: 'a path with one of `< > " |`',
    hint: 'remove the characters `<`, `>`, `"` and `|`',
  },
  edge: {
    code: 'path.character',
    got: 'a path that begins or ends with a space or a quotation mark',
    hint: 'remove spaces and quotation marks around the path',
  },
  lookalike: {
    code: 'path.lookalike',
    got: 'a path with a character that some programs read as a dot, slash or backslash',
    hint: 'write `.` and `/` in ASCII',
  },
  normalization: {
    code: 'path.normalization',
    got: 'a path that is not in Unicode normalisation form C',
    hint: 'write the path in Unicode normalisation form C',
  },
  encoding: {
    code: 'path.encoding',
    got: 'a path with an escape that hides a character',
    hint: 'write the path without percent-encoding',
  },
  expansion: {
    code: 'path.expansion',
    got: 'a path with something that a shell or library expands (`~`, a variable, a command)',
    hint: 'write the path out instead of `~` or a variable',
  },
  wildcard: {
    code: 'path.wildcard',
    got: 'a path with a wildcard',
    hint: 'name one file or folder, without wildcards',
  },
  option: { code: 'path.option', got: 'a path that begins with `-`', hint: 'put `./` in front of the path' },
  url: { code: 'path.url', got: 'a URL', hint: 'give the path itself, not a URL' },
  network: { code: 'path.network', got: 'a network or device path (two slashes or backslashes first)' },
  drive: { code: 'path.drive', got: 'a path on a drive', hint: 'leave the drive letter out' },
  driveRelative: {
    code: 'path.drive',
    got: 'a path relative to a drive',
    hint: 'put a slash after the drive letter and colon',
  },
  noDrive: { code: 'path.drive', got: 'a path from the root of an unnamed drive', hint: 'put the drive letter first' },
  colon: { code: 'path.colon', got: 'a path with a colon in a name', hint: 'remove the colon' },
  backslash: { code: 'path.backslash', got: 'a path with a backslash', hint: 'separate names with `/`' },
  traversal: {
    code: 'path.traversal',
    got: 'a path with `..` in it, in some spelling',
    hint: 'write the path without `..`',
  },
  dotSegment: {
    code: 'path.dot_segment',
    got: 'a path with a name made of dots',
    hint: 'remove names made of dots, except one `./` in front',
  },
  emptySegment: {
    code: 'path.empty_segment',
    got: 'a path with two separators in a row',
    hint: 'put one `/` between names',
  },
  device: { code: 'path.device', got: 'a path with the name of a Windows device in it' },
  trailing: {
    code: 'path.trailing',
    got: 'a name that ends with a dot or a space',
    hint: 'remove dots and spaces at the end of names',
  },
  shortName: {
    code: 'path.short_name',
    got: 'a name in the short form of Windows',
    hint: 'give the full name instead of the short one',
  },
  longName: { code: 'path.length', got: 'a name of more than 255 characters' },
  special: { code: 'path.special', got: 'a path into a file system of the kernel' },
};
