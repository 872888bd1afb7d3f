import { appendPointer } from '@callgate/canonical';

import { runtimeOf } from '../compile/server-runtime.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import type { OwnedLayer, PolicyDocument } from '../document/types.ts';
import { Findings, type Finding } from './findings.ts';
import { lintControls } from './lint-controls.ts';
import { lintDrift } from './lint-drift.ts';
import { lintLocked } from './lint-locked.ts';
import { lintNames } from './lint-names.ts';
import { lintRules } from './lint-rules.ts';
import { lintSecrets } from './lint-secrets.ts';
import { lintOutgoing } from './lint-outgoing.ts';
import { lintResult } from './lint-result.ts';
import { lintServer } from './lint-server.ts';
import { noteStage } from './lint-stage.ts';

/** What a policy is looked at with. */
export interface LintOptions {
  /** The names of the servers in the lock that the gate is given. Default: no lock, and nothing is said of one. */
  readonly locked?: readonly string[];
}

/**
 * Everything to look at in a policy that loads: what can never do what it seems to say, what is wider than it looks, and what was
 * loosened or left out. In the order of the text; empty for a policy with nothing to look at.
 *
 * Pure: equal documents give equal findings. Every id is in {@link LINTS}.
 *
 * @throws {TypeError} when `policy` was not made by `compilePolicy` or `parsePolicy`
 */
export function lint(policy: CompiledPolicy, { locked }: LintOptions = {}): readonly Finding[] {
  const { document } = policy;
  const findings = new Findings(policy);
  lintDocument(document, findings);
  lintSecrets(document, findings);
  lintNames('server', Object.keys(document.servers), '/servers', findings);
  for (const [name, server] of Object.entries(document.servers)) {
    lintServer(name, server, appendPointer('/servers', name), findings);
  }
  lintResult('every server', document.result, '/result', findings);
  lintOutgoing('every server', document.outgoing, '/outgoing', findings);
  lintDrift('every server', document.drift, '/drift', findings);
  if (locked !== undefined) lintLocked(document, new Set(locked), findings);
  lintRules(runtimeOf(policy), findings);
  lintControls(runtimeOf(policy), findings);
  return findings.sorted();
}

function lintDocument(document: PolicyDocument, findings: Findings): void {
  if (Object.keys(document.servers).length === 0) {
    findings.add('no-servers', '/servers', 'the policy has no servers: every message is denied', 'add a server');
  }
  noteStage('the policy', document.stage, '', findings);
  const layers = unownedLayers(document);
  if (layers.length === 0) return;
  const pointer = document.owners === undefined ? '' : '/owners';
  const message = `nobody owns the ${layers.join(', ')} of the policy: a denial names nobody to ask`;
  findings.add(
    'owner-missing',
    pointer,
    message,
    `add ${layers.map((layer) => `\`${layer}\``).join(', ')} to \`owners\``,
  );
}

/** The layers that the policy has and nobody owns; who owns the `policy` owns all of it. */
function unownedLayers({
  owners = {},
  servers,
  rules = [],
  meters = [],
  breakers = [],
  flows = [],
}: PolicyDocument): readonly OwnedLayer[] {
  if (owners.policy !== undefined) return [];
  const tools = Object.values(servers).flatMap((server) => Object.values(server.tools ?? {}));
  const layers: readonly (readonly [OwnedLayer, boolean])[] = [
    ['servers', Object.keys(servers).length > 0],
    ['envelopes', tools.some((tool) => tool.arguments !== undefined && tool.owner === undefined)],
    ['approvals', tools.some((tool) => tool.ring === 3 || tool.approval !== undefined)],
    ['rules', [...rules, ...meters, ...breakers, ...flows].some((rule) => rule.owner === undefined)],
  ];
  return layers.filter(([layer, isThere]) => isThere && owners[layer] === undefined).map(([layer]) => layer);
}
