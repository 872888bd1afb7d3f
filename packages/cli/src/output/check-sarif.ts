import { digest } from '@callgate/canonical';
import type { LintLevel } from '@callgate/policy';

import type { FileReport, Problem } from '../check/check-result.ts';
import { packageVersion } from '../version.ts';
import { reportUri } from './report-path.ts';

/** What can be found, by id. */
export type Lints = Readonly<
  Record<string, { readonly level: LintLevel; readonly finds: string; readonly help: string }>
>;

/** What the report says of one rule. */
interface Rule {
  readonly id: string;
  readonly shortDescription: { readonly text: string };
  readonly help: { readonly text: string; readonly markdown: string };
  readonly defaultConfiguration: { readonly level: LintLevel };
}

/**
 * The report as a SARIF log.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function checkSarif(
  reports: readonly FileReport[],
  lints: Lints,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const rules = rulesOf(reports, lints);
  const places = new Map(rules.map(({ id }, index) => [id, index]));
  const found = reports.flatMap(({ file, problems }) => {
    const { uri, isRelative } = reportUri(file, env);
    // §3.4.4: what the root is, is up to the reader of the log
    const artifactLocation = isRelative ? { uri, uriBaseId: '%SRCROOT%' } : { uri };
    return problems.map((problem) => resultOf(problem, places.get(problem.id) ?? -1, artifactLocation));
  });
  const driver = { name: 'callgate', semanticVersion: packageVersion(), rules };
  return JSON.stringify({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results: found }],
  });
}

/** Every lint, found or not, and the errors that kept files from loading. */
function rulesOf(reports: readonly FileReport[], known: Lints): readonly Rule[] {
  const lints = Object.entries(known).map(([id, { level, finds, help }]) => rule(id, level, finds, help));
  const codes = new Set(reports.flatMap(({ loads, problems }) => (loads ? [] : problems.map(({ id }) => id))));
  const help = 'It is not used. Mend what the message says; see docs/reference/policy.md for the language.';
  return [...lints, ...Array.from(codes, (code) => rule(code, 'error', 'a file that does not load', help))];
}

function rule(id: string, level: LintLevel, finds: string, help: string): Rule {
  const text = `Finds ${finds}.`;
  return {
    id,
    shortDescription: { text },
    help: { text: `${text} ${help}`, markdown: `${text}\n\n${help}` },
    defaultConfiguration: { level },
  };
}

function resultOf(problem: Problem, ruleIndex: number, artifactLocation: object): object {
  const { id, level, pointer, line, column, message, remedy } = problem;
  const region = line === null ? {} : { region: { startLine: line, startColumn: column ?? 1 } };
  return {
    ruleId: id,
    ruleIndex,
    level,
    message: { text: remedy === null ? message : `${message}; ${remedy}` },
    locations: [
      {
        physicalLocation: { artifactLocation, ...region },
        ...(pointer === '' ? {} : { logicalLocations: [{ fullyQualifiedName: pointer }] }),
      },
    ],
    // the same finding keeps its alert when lines move
    partialFingerprints: { 'callgate/v1': digest(`${id}\n${pointer}`) },
  };
}
