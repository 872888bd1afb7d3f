import type { Finding, LintLevel, PolicyIssue } from '@callgate/policy';

import type { CheckResult, LoadedFile } from '../check/check-result.ts';
import type { CommandContext } from '../command.ts';
import { printable } from './printable.ts';
import { sourceExcerpt, sourceLines } from './source-excerpt.ts';
import type { Style } from './style.ts';
import { plural } from './words.ts';

const MAX_MESSAGE_LENGTH = 1_000;

/** Prints what checking one policy found, for a person; `source` is its text where it did not load. */
export function printCheck(result: CheckResult, source: string, { out, style }: CommandContext): void {
  const name = style.bold(printable(result.file));
  if (result.loads) {
    for (const finding of result.findings) printLines(out, findingLines(result.file, finding, style));
    out.printLine(`${name}: ${loadedSummary(result, style)}`);
    return;
  }
  const lines = sourceLines(source);
  for (const issue of result.issues) printLines(out, issueLines(result.file, issue, lines, style));
  const reason =
    result.issues.length === 0
      ? printable(result.message, MAX_MESSAGE_LENGTH)
      : plural(result.issues.length, 'problem');
  out.printLine(`${name}: ${style.red('does not load')}: ${reason}`);
}

function printLines(out: CommandContext['out'], lines: readonly string[]): void {
  for (const line of lines) out.printLine(line);
}

/** `file:line:column: message`, the line with a caret, and what was expected where the message does not say it. */
function issueLines(file: string, issue: PolicyIssue, lines: readonly string[], style: Style): readonly string[] {
  const { line, column } = issue;
  const message = printable(issue.message, MAX_MESSAGE_LENGTH);
  const head = `${place(file, line, column)} ${style.red('error:')} ${message}`;
  const shown = line === null ? [] : sourceExcerpt(lines, line, column ?? 1, style);
  const expected = printable(issue.expected, MAX_MESSAGE_LENGTH);
  const detail = issue.message.startsWith('expected ')
    ? []
    : [`      expected ${expected}, got ${printable(issue.got)}`];
  return [head, ...shown, ...detail.map((text) => style.dim(text))];
}

function findingLines(file: string, finding: Finding, style: Style): readonly string[] {
  const where =
    finding.line === null && finding.pointer !== ''
      ? `${printable(file)}: at ${printable(finding.pointer)}:`
      : place(file, finding.line, finding.column);
  return [
    `${where} ${levelWord(finding.level, style)} ${printable(finding.message, MAX_MESSAGE_LENGTH)} ${style.dim(`[${finding.id}]`)}`,
    style.dim(`      ${printable(finding.remedy, MAX_MESSAGE_LENGTH)}`),
  ];
}

function place(file: string, line: number | null, column: number | null): string {
  return line === null ? `${printable(file)}:` : `${printable(file)}:${line}:${column ?? 1}:`;
}

function levelWord(level: LintLevel, style: Style): string {
  switch (level) {
    case 'error':
      return style.red('error:');
    case 'warning':
      return style.yellow('warning:');
    case 'note':
      return style.cyan('note:');
  }
}

function loadedSummary({ policy, findings }: LoadedFile, style: Style): string {
  const servers = Object.values(policy.document.servers);
  const tools = servers.reduce((count, server) => count + Object.keys(server.tools ?? {}).length, 0);
  const count = (level: LintLevel): number => findings.filter((finding) => finding.level === level).length;
  const [errors, warnings, notes] = [count('error'), count('warning'), count('note')];
  const counts = [
    ...(errors > 0 ? [style.red(plural(errors, 'error'))] : []),
    ...(warnings > 0 ? [style.yellow(plural(warnings, 'warning'))] : []),
    ...(notes > 0 ? [plural(notes, 'note')] : []),
  ];
  const verdict = errors + warnings > 0 ? '' : `${style.green('ok')}, `;
  const content = `${printable(policy.name)} ${printable(policy.version)}, ${plural(servers.length, 'server')}, ${plural(tools, 'tool')}`;
  return `${verdict}${content}${counts.length > 0 ? `; ${counts.join(', ')}` : ''} ${style.dim(policy.digest)}`;
}
