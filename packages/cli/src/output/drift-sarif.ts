import { digest } from '@callgate/canonical';
import { DRIFT_CLASSES, type Drift, type DriftClass } from '@callgate/registry';

import type { ServerReport } from '../lock/drift-report.ts';
import { packageVersion } from '../version.ts';
import { printable } from './printable.ts';
import { reportUri } from './report-path.ts';

/**
 * How servers drifted, as a SARIF log about the lock.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function driftSarif(
  reports: readonly ServerReport[],
  lock: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  const { uri, isRelative } = reportUri(lock, env);
  const artifactLocation = isRelative ? { uri, uriBaseId: '%SRCROOT%' } : { uri };
  const results = reports.flatMap((report) => [
    ...report.serverDrifts.map((drift) => resultOf(drift, report.server, 'identity', artifactLocation)),
    ...report.drifted.flatMap(({ item }) =>
      item.drifts.map((drift) =>
        resultOf(drift, `${report.server}/${item.kind}/${item.name}`, item.kind, artifactLocation),
      ),
    ),
  ]);
  const driver = { name: 'callgate', semanticVersion: packageVersion(), rules: CLASS_IDS.map(ruleOf) };
  return JSON.stringify({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  });
}

const CLASS_IDS = Object.keys(DRIFT_CLASSES) as DriftClass[];

function ruleOf(id: DriftClass): object {
  const { finds, choice, breaking } = DRIFT_CLASSES[id];
  const text = `Finds ${finds}.`;
  const help = `${text} Unless a policy chooses otherwise: ${choice ?? 'withhold'}. Approve it with \`callgate lock approve\` once it was read.`;
  return {
    id: `drift/${id}`,
    shortDescription: { text },
    help: { text: help, markdown: help },
    defaultConfiguration: { level: levelOf(id) },
    properties: { breaking },
  };
}

function levelOf(id: DriftClass): 'error' | 'warning' | 'note' {
  const { choice } = DRIFT_CLASSES[id];
  if (choice === 'allow') return 'note';
  return id === 'added' || id === 'removed' ? 'warning' : 'error';
}

function resultOf(drift: Drift, subject: string, kind: string, artifactLocation: object): object {
  const ruleId = `drift/${drift.class}`;
  const place = `${subject}${drift.pointer}`;
  return {
    ruleId,
    ruleIndex: CLASS_IDS.indexOf(drift.class),
    level: levelOf(drift.class),
    message: { text: `${DRIFT_CLASSES[drift.class].finds}: ${printable(place)}` },
    locations: [
      {
        physicalLocation: { artifactLocation },
        logicalLocations: [{ fullyQualifiedName: place.toWellFormed(), kind }],
      },
    ],
    partialFingerprints: { 'callgate/v1': digest(`${ruleId}\n${place}`.toWellFormed()) },
  };
}
