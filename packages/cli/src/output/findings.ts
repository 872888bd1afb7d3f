import type { Finding } from '@callgate/inspector';

import type { CommandContext, OptionSpec } from '../command.ts';
import type { LineId, MalformedLine } from '../input/judge-lines.ts';
import { printable, printableJson } from './printable.ts';

/** The option `--verbose` of commands that print findings. */
export const VERBOSE_FINDINGS: OptionSpec = {
  kind: 'flag',
  short: 'v',
  description: 'add the encodings around each finding, its part and its reason',
};

/** What was found in what one line brought. */
export interface LineFindings {
  readonly verdict: string;
  readonly findings: readonly Finding[];
  /** How many further ones there are. */
  readonly omitted: number;
}

/** A line of JSON: a verdict and findings, without what was found. */
export function findingsJson(
  id: LineId,
  { verdict, findings, omitted }: LineFindings,
  isVerbose: boolean,
  context: CommandContext,
): string {
  const body = {
    id,
    verdict,
    findings: findings.map((finding) => (isVerbose ? finding : shortFinding(finding))),
    ...(omitted === 0 ? {} : { omitted }),
  };
  return printableJson(JSON.stringify(body), context.out.isTerminal);
}

function shortFinding({ rule, kind, severity, pointer, start, end }: Finding): Partial<Finding> {
  return { rule, kind, severity, pointer, start, end };
}

/** The same for people, under a word for the verdict. */
export function findingsText(id: LineId, word: string, { findings, omitted }: LineFindings): string {
  const lines = findings.map(
    ({ rule, severity, pointer, start, end, reason }) =>
      `      ${rule} (${severity}) at ${printable(pointer === '' ? '/' : pointer, 200)} ${start}–${end}: ${printable(reason)}`,
  );
  return [`${word}${shownId(id)}`, ...lines, ...(omitted === 0 ? [] : [`      and ${omitted} more`])].join('\n');
}

/** A line of JSON or of text for a malformed line. */
export function malformedFindings({ id, line, problem }: MalformedLine, context: CommandContext): string {
  if (context.format === 'json') {
    return printableJson(JSON.stringify({ id, verdict: 'error', line, message: problem }), context.out.isTerminal);
  }
  return `${context.style.yellow('ERROR')}${shownId(id)} line ${line}: ${printable(problem)}`;
}

function shownId(id: LineId): string {
  return id === null ? '' : ` ${printable(String(id))}`;
}
