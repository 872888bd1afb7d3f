import type { LintLevel } from '@callgate/policy';

import type { FileReport, Problem } from '../check/check-result.ts';
import { reportPath } from './report-path.ts';
import { xmlAttributes, xmlText } from './xml-text.ts';

/**
 * The report as JUnit XML: a suite for each file, with a case for loading it and one for each finding. A finding that does not
 * fail the check is a case that passes and says so.
 *
 * @param name the command that makes it
 */
export function checkJunit(
  name: string,
  reports: readonly FileReport[],
  fails: (level: LintLevel) => boolean,
  env: Readonly<Record<string, string | undefined>>,
): readonly string[] {
  const suites = reports.map((report) => suiteOf(report, fails, reportPath(report.file, env)));
  const totals = { tests: sum(suites, 'tests'), failures: sum(suites, 'failures') };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${xmlAttributes({ name, ...totals, errors: 0, time: 0 })}>`,
    ...suites.flatMap(({ lines }) => lines),
    '</testsuites>',
  ];
}

interface Suite {
  readonly tests: number;
  readonly failures: number;
  readonly lines: readonly string[];
}

function suiteOf({ loads, problems }: FileReport, fails: (level: LintLevel) => boolean, file: string): Suite {
  const loading = caseOf(file, 'loads', undefined, loads ? [] : problems.map((problem) => failure(file, problem)));
  const findings = loads ? problems : [];
  const cases = findings.map((finding) => {
    const name = `${finding.id} ${finding.pointer}`;
    const outcome = fails(finding.level) ? failure(file, finding) : `<system-out>${detail(file, finding)}</system-out>`;
    return caseOf(file, name, finding.line, [outcome]);
  });
  const tests = 1 + findings.length;
  const failures = (loads ? 0 : 1) + findings.filter(({ level }) => fails(level)).length;
  const attributes = { name: file, tests, failures, errors: 0, skipped: 0, time: 0 };
  return {
    tests,
    failures,
    lines: [`  <testsuite${xmlAttributes(attributes)}>`, ...loading, ...cases.flat(), '  </testsuite>'],
  };
}

function caseOf(
  file: string,
  name: string,
  line: number | null | undefined,
  content: readonly string[],
): readonly string[] {
  const attributes = xmlAttributes({ name, classname: file, file, line: line ?? undefined, time: 0 });
  if (content.length === 0) return [`    <testcase${attributes}/>`];
  return [`    <testcase${attributes}>`, ...content.map((element) => `      ${element}`), '    </testcase>'];
}

function failure(file: string, problem: Problem): string {
  const attributes = xmlAttributes({ message: problem.message, type: `${problem.level} ${problem.id}` });
  return `<failure${attributes}>${detail(file, problem)}</failure>`;
}

function detail(file: string, { line, column, message, remedy, level, id }: Problem): string {
  const place = line === null ? file : `${file}:${line}:${column ?? 1}`;
  return xmlText(`${place}: ${level}: ${message} [${id}]${remedy === null ? '' : `; ${remedy}`}`);
}

function sum(suites: readonly Suite[], key: 'tests' | 'failures'): number {
  return suites.reduce((total, suite) => total + suite[key], 0);
}
