import { digest } from '@callgate/canonical';
import { FLAGS, type Inventory, type InventoryFinding } from '@callgate/registry';

import { packageVersion } from '../version.ts';
import { reportUri } from './report-path.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The findings of an inventory as a SARIF log.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
export function inventorySarif({ findings }: Inventory, env: Env): string {
  const ids = Object.keys(FLAGS);
  const rules = Object.entries(FLAGS).map(([id, { severity, finds, help }]) => {
    const text = `Finds ${finds}.`;
    return {
      id,
      shortDescription: { text },
      help: { text: `${text} ${help}`, markdown: `${text}\n\n${help}` },
      defaultConfiguration: { level: severity },
    };
  });
  const driver = { name: 'callgate', semanticVersion: packageVersion(), rules };
  return JSON.stringify({
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => resultOf(finding, ids.indexOf(finding.id), env)),
      },
    ],
  });
}

function resultOf(finding: InventoryFinding, ruleIndex: number, env: Env): object {
  const { id, severity, host, file, line, server, message } = finding;
  const { uri, isRelative } = reportUri(file, env);
  const artifactLocation = isRelative ? { uri, uriBaseId: '%SRCROOT%' } : { uri };
  const region = line === null ? {} : { region: { startLine: line } };
  const logicalLocations = server === null ? {} : { logicalLocations: [{ fullyQualifiedName: server.toWellFormed() }] };
  const text = server === null ? message : `server \`${server}\`: ${message}`;
  return {
    ruleId: id,
    ruleIndex,
    level: severity,
    message: { text: text.toWellFormed() },
    locations: [{ physicalLocation: { artifactLocation, ...region }, ...logicalLocations }],
    // the same finding keeps its alert when lines move
    partialFingerprints: {
      'callgate/v1': digest(`${id}\n${host}\n${uri}\n${server ?? ''}\n${message}`.toWellFormed()),
    },
  };
}
