import type { CompiledPolicy, Finding, LintLevel, PolicyIssue } from '@callgate/policy';

/** What checking one file found. */
export type CheckResult = LoadedFile | BrokenFile;

/** A file that loads. */
export interface LoadedFile {
  readonly file: string;
  readonly loads: true;
  readonly policy: CompiledPolicy;
  /** Those that are reported; see `--level` and `--ignore`. */
  readonly findings: readonly Finding[];
}

/** A file that does not load. */
export interface BrokenFile {
  readonly file: string;
  readonly loads: false;
  readonly code: string;
  readonly message: string;
  /** Empty where the file could not be read. */
  readonly issues: readonly PolicyIssue[];
}

/** One thing to report of a file, whether it loads or not. */
export interface Problem {
  /** The id of a lint, or the code of the error that kept the file from loading. */
  readonly id: string;
  readonly level: LintLevel;
  readonly pointer: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  readonly remedy: string | null;
}

/** Everything to report of a file, in the order of its text. */
function problemsOf(result: CheckResult): readonly Problem[] {
  return result.loads ? result.findings : problemsOfBroken(result);
}

/** What keeps a file from loading. */
export function problemsOfBroken({
  code: id,
  message,
  issues,
}: Pick<BrokenFile, 'code' | 'message' | 'issues'>): readonly Problem[] {
  if (issues.length === 0)
    return [{ id, level: 'error', pointer: '', line: null, column: null, message, remedy: null }];
  return issues.map((issue): Problem => {
    const { pointer, line, column } = issue;
    return { id, level: 'error', pointer, line, column, message: issue.message, remedy: remedyOf(issue) };
  });
}

/** What was expected, where the message does not say it. */
function remedyOf({ message, expected }: PolicyIssue): string | null {
  return message.includes('expected ') ? null : `expected ${expected}`;
}

/** One file in a report for another program. */
export interface FileReport {
  readonly file: string;
  readonly loads: boolean;
  /** What keeps it from loading, or what was found in it. */
  readonly problems: readonly Problem[];
}

/** What a report says of a file that was checked. */
export function reportOf(result: CheckResult): FileReport {
  return { file: result.file, loads: result.loads, problems: problemsOf(result) };
}
