import type { LintLevel } from '@callgate/policy';

import type { FileReport, Problem } from '../check/check-result.ts';
import { printable } from './printable.ts';
import { reportPath } from './report-path.ts';

const COMMANDS: Readonly<Record<LintLevel, string>> = { error: 'error', warning: 'warning', note: 'notice' };
const MAX_LENGTH = 4000;

/**
 * Workflow commands that annotate the lines of a change, one for each problem.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
 */
export function checkGithub(
  reports: readonly FileReport[],
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  return reports.flatMap(({ file: path, problems }) => {
    const file = reportPath(path, env);
    return problems.map((problem) => annotation(file, problem));
  });
}

function annotation(file: string, { id, level, line, column, message, remedy }: Problem): string {
  const place = line === null ? [] : [`line=${line}`, `col=${column ?? 1}`];
  const properties = [`file=${property(file)}`, ...place, `title=${property(`callgate ${id}`)}`];
  return `::${COMMANDS[level]} ${properties.join(',')}::${data(remedy === null ? message : `${message}; ${remedy}`)}`;
}

/** Foreign text that cannot end the command or begin another: without line breaks, and with the escapes of the protocol. */
function data(text: string): string {
  return printable(text, MAX_LENGTH).replaceAll('%', '%25');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
