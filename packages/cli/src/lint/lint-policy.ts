import { appendPointer } from '@callgate/canonical';
import type { CompiledPolicy, MethodDocument, Ring, ServerDocument, ToolDocument, ToolEffect } from '@callgate/policy';

import { FINDING_LEVELS, type Finding, type FindingId } from './finding.ts';
import { locate, type Place } from './locate.ts';

type Add = (id: FindingId, place: Place, pointer: string, message: string, remedy: string) => void;

/** Everything to look at in a policy that loads, in the order of the text. Pure. */
export function lintPolicy(policy: CompiledPolicy): readonly Finding[] {
  const findings: Finding[] = [];
  const add: Add = (id, place, pointer, message, remedy) => {
    const location = locate(policy, place, pointer);
    const position = { line: location?.line ?? null, column: location?.column ?? null };
    findings.push({ id, level: FINDING_LEVELS[id], pointer, ...position, message, remedy });
  };
  lintDocument(policy, add);
  for (const [name, server] of Object.entries(policy.document.servers)) {
    lintServer(name, server, appendPointer('/servers', name), add);
  }
  return findings.toSorted((left, right) => (left.line ?? 0) - (right.line ?? 0));
}

function lintDocument({ document }: CompiledPolicy, add: Add): void {
  const place: Place = { kind: 'policy' };
  if (Object.keys(document.servers).length === 0) {
    add('no-servers', place, '/servers', 'the policy has no servers: every message is denied', 'add a server');
  }
  if (document.stage !== undefined && document.stage !== 'enforce')
    notEnforced('the policy', document.stage, place, '', add);
}

function lintServer(name: string, server: ServerDocument, pointer: string, add: Add): void {
  const place: Place = { kind: 'server', server: name };
  if (permitsNothing(server)) {
    add(
      'server-permits-nothing',
      place,
      pointer,
      `server \`${name}\` has no tools, resources, prompts or methods: nothing of it can be used`,
      'add `tools`, or remove the server',
    );
  }
  if (server.identity === undefined) {
    const message = `server \`${name}\` declares no identity: any server under this name is taken for it`;
    add('identity-missing', place, pointer, message, 'add `identity: { command, args }` or `identity: { url }`');
  }
  if (server.stage !== undefined && server.stage !== 'enforce')
    notEnforced(`server \`${name}\``, server.stage, place, pointer, add);
  for (const [tool, document] of Object.entries(server.tools ?? {})) {
    const at = appendPointer(appendPointer(pointer, 'tools'), tool);
    lintTool(tool, document, { kind: 'tool', server: name, tool }, at, add);
  }
  for (const [method, document] of Object.entries(server.methods ?? {})) {
    const at = appendPointer(appendPointer(pointer, 'methods'), method);
    lintMethod(method, document, { kind: 'method', server: name, method }, at, add);
  }
}

function permitsNothing(server: ServerDocument): boolean {
  const families = [server.tools, server.prompts, server.methods, server.resources?.allow];
  return families.every((family) => family === undefined || Object.keys(family).length === 0);
}

function lintTool(name: string, tool: ToolDocument, place: Place, pointer: string, add: Add): void {
  const subject = `tool \`${name}\``;
  lintEnvelope(subject, tool.ring, tool.arguments, 'arguments', place, pointer, add);
  lintEffect(subject, tool.ring, tool.effect, place, pointer, add);
  const isHeld = tool.ring === 3 || tool.approval !== undefined;
  if (isHeld && !(typeof tool.approval === 'object' && (tool.approval.by?.length ?? 0) > 0)) {
    const message = `${subject} is always held, and the policy names nobody who may approve`;
    add('approvers-missing', place, pointer, message, 'add `approval: { by: [role:…] }`');
  }
  if (tool.stage !== undefined && tool.stage !== 'enforce') notEnforced(subject, tool.stage, place, pointer, add);
}

function lintMethod(name: string, method: MethodDocument, place: Place, pointer: string, add: Add): void {
  const subject = `method \`${name}\``;
  lintEnvelope(subject, method.ring, method.params, 'params', place, pointer, add);
  lintEffect(subject, method.ring, method.effect, place, pointer, add);
}

function lintEnvelope(
  subject: string,
  ring: Ring,
  envelope: ToolDocument['arguments'],
  key: string,
  place: Place,
  pointer: string,
  add: Add,
): void {
  if (ring > 0 && envelope === undefined) {
    const message = `${subject} is of ring ${ring} and has no envelope: every call of it is denied`;
    add('envelope-missing', place, pointer, message, `add \`${key}\`, or \`${key}: any\` where any will do`);
  }
  if (ring >= 2 && envelope === 'any') {
    const message = `${subject} is of ring ${ring} and accepts any ${key}`;
    add('arguments-any', place, pointer, message, `list the ${key} it needs`);
  }
}

/** The ring that an effect belongs to at least: ring 1 is a narrow read, 2 a bounded write, 3 destructive. */
const LEAST_RING: Readonly<Record<ToolEffect, Ring>> = { read: 0, write: 2, destructive: 3 };

function lintEffect(
  subject: string,
  ring: Ring,
  effect: ToolEffect | undefined,
  place: Place,
  pointer: string,
  add: Add,
): void {
  if (effect === undefined || ring >= LEAST_RING[effect]) return;
  const message = `${subject} is ${effect} at ring ${ring}: it lacks the guards of ring ${LEAST_RING[effect]}`;
  add('ring-below-effect', place, pointer, message, `set \`ring: ${LEAST_RING[effect]}\``);
}

function notEnforced(subject: string, stage: 'off' | 'observe', place: Place, pointer: string, add: Add): void {
  const consequence = stage === 'off' ? 'its rules are not evaluated' : 'violations are recorded and not stopped';
  add(
    'not-enforced',
    place,
    pointer,
    `${subject} is at stage ${stage}: ${consequence}`,
    'set `stage: enforce` when ready',
  );
}
