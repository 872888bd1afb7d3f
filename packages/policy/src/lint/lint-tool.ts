import { appendPointer, parsePointer } from '@callgate/canonical';

import type { Ring, ToolEffect } from '../decision.ts';
import type { ToolDocument } from '../document/types.ts';
import type { Findings } from './findings.ts';
import { lintEntry } from './lint-entry.ts';
import { verbEffect } from './tool-verbs.ts';

/** Looks at one tool entry. */
export function lintTool(name: string, tool: ToolDocument, pointer: string, findings: Findings): void {
  const subject = `tool \`${name}\``;
  const { ring, effect, who, arguments: envelope } = tool;
  const carrier = carrierOf(tool);
  lintEntry(subject, { ring, effect, who, envelope, key: 'arguments', carrier }, pointer, findings);
  lintVerb(subject, name, tool, pointer, findings);
  lintApproval(subject, tool, pointer, findings);
  lintDispatch(subject, tool, pointer, findings);
  if (/^\*+$/u.test(name) && ring >= 2) {
    const message = `${subject} puts every tool of the server in ring ${ring}, those it adds later included`;
    findings.add('tool-any', pointer, message, 'name the tools, or a verb such as `update_*`');
  }
}

/** The argument that holds the calls of a dispatcher. */
function carrierOf({ dispatch }: ToolDocument): string | undefined {
  return dispatch === undefined ? undefined : parsePointer(dispatch.each ?? dispatch.arguments)[0];
}

/** What an entry without an `effect` is taken for. */
const DEFAULT_EFFECT: Readonly<Record<Ring, ToolEffect>> = { 0: 'read', 1: 'read', 2: 'write', 3: 'destructive' };

function lintVerb(subject: string, name: string, tool: ToolDocument, pointer: string, findings: Findings): void {
  const found = verbEffect(name);
  if (found === undefined || (tool.effect ?? DEFAULT_EFFECT[tool.ring]) !== 'read') return;
  const declared = tool.effect === undefined ? `at ring ${tool.ring} counts as a read` : 'is declared a read';
  const message = `${subject} ${declared}, and its name says \`${found.verb}\``;
  const ring = found.effect === 'write' ? 2 : 3;
  const at = tool.effect === undefined ? pointer : appendPointer(pointer, 'effect');
  findings.add('effect-below-verb', at, message, `set \`effect: ${found.effect}\` and \`ring: ${ring}\``);
}

function lintApproval(subject: string, { ring, approval }: ToolDocument, pointer: string, findings: Findings): void {
  if (ring !== 3 && approval === undefined) return;
  if (typeof approval === 'object' && (approval.by?.length ?? 0) > 0) return;
  const isAlways = ring === 3 || approval === 'required' || approval?.when === undefined;
  const message = `${subject} is ${isAlways ? 'always' : 'sometimes'} held, and the policy names nobody who may approve`;
  const at = approval === undefined ? pointer : appendPointer(pointer, 'approval');
  findings.add('approvers-missing', at, message, 'add `approval: { by: [role:…] }`');
}

/** Pointers into arguments that the envelope does not have lead nowhere: such a call is denied whatever it says. */
function lintDispatch(subject: string, tool: ToolDocument, pointer: string, findings: Findings): void {
  const { dispatch, arguments: envelope } = tool;
  if (dispatch === undefined || typeof envelope !== 'object') return;
  const keys = dispatch.each === undefined ? (['tool', 'arguments', 'server'] as const) : (['each'] as const);
  for (const key of keys) {
    const [first] = parsePointer(dispatch[key] ?? '');
    if (first === undefined || Object.hasOwn(envelope, first)) continue;
    const message = `${subject} reads \`${first}\` of its arguments, which its envelope refuses: every call of it is denied`;
    const at = appendPointer(appendPointer(pointer, 'dispatch'), key);
    findings.add('dispatch-outside-envelope', at, message, `declare \`${first}\` in \`arguments\``);
  }
}
