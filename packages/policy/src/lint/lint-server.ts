import { appendPointer } from '@callgate/canonical';

import type { MethodDocument, PromptDocument, ServerDocument } from '../document/types.ts';
import { parseDuration } from '../document/units.ts';
import type { Findings } from './findings.ts';
import { lintDrift } from './lint-drift.ts';
import { lintEntry } from './lint-entry.ts';
import { lintEntryTable } from './lint-entry-table.ts';
import { lintIdentity } from './lint-identity.ts';
import { lintNames } from './lint-names.ts';
import { lintOutgoing } from './lint-outgoing.ts';
import { lintResult } from './lint-result.ts';
import { lintSettings } from './lint-settings.ts';
import { noteStage } from './lint-stage.ts';
import { lintTool } from './lint-tool.ts';
import { lintValues } from './lint-values.ts';

const LONG_TIMEOUT_MS = 600_000;

/** Looks at one server entry and everything in it. */
export function lintServer(name: string, server: ServerDocument, pointer: string, findings: Findings): void {
  if (permitsNothing(server)) {
    const message = `server \`${name}\` has no tools, resources, prompts or methods: nothing of it can be used`;
    findings.add('server-permits-nothing', pointer, message, 'add `tools`, or remove the server');
  }
  noteStage(`server \`${name}\``, server.stage, pointer, findings);
  lintTimeout(`server \`${name}\``, server.timeout, pointer, findings);
  lintIdentity(name, server, pointer, findings);
  lintSettings(name, server, pointer, findings);
  lintResult(`server \`${name}\``, server.result, appendPointer(pointer, 'result'), findings);
  lintOutgoing(`server \`${name}\``, server.outgoing, appendPointer(pointer, 'outgoing'), findings);
  lintDrift(`server \`${name}\``, server.drift, appendPointer(pointer, 'drift'), findings);
  lintTools(server, appendPointer(pointer, 'tools'), findings);
  lintPrompts(server.prompts ?? {}, appendPointer(pointer, 'prompts'), findings);
  lintMethods(server.methods ?? {}, appendPointer(pointer, 'methods'), findings);
}

function permitsNothing(server: ServerDocument): boolean {
  const families = [server.tools, server.prompts, server.methods, server.resources?.allow];
  return families.every((family) => family === undefined || Object.keys(family).length === 0);
}

function lintTools({ tools = {} }: ServerDocument, pointer: string, findings: Findings): void {
  lintNames('tool', Object.keys(tools), pointer, findings);
  lintEntryTable(tools, pointer, findings);
  for (const [name, tool] of Object.entries(tools)) {
    const at = appendPointer(pointer, name);
    lintTool(name, tool, at, findings);
    lintResult(`tool \`${name}\``, tool.result, appendPointer(at, 'result'), findings);
    lintOutgoing(`tool \`${name}\``, tool.outgoing, appendPointer(at, 'outgoing'), findings);
    noteStage(`tool \`${name}\``, tool.stage, at, findings);
    lintTimeout(`tool \`${name}\``, tool.timeout, at, findings);
  }
}

function lintPrompts(prompts: Readonly<Record<string, PromptDocument>>, pointer: string, findings: Findings): void {
  lintNames('prompt', Object.keys(prompts), pointer, findings);
  for (const [name, prompt] of Object.entries(prompts)) {
    if (prompt === 'any' || prompt.arguments === 'any') continue;
    const at = appendPointer(appendPointer(pointer, name), 'arguments');
    lintValues(`prompt \`${name}\``, { ring: 1 }, prompt.arguments, at, findings);
  }
}

function lintMethods(methods: Readonly<Record<string, MethodDocument>>, pointer: string, findings: Findings): void {
  lintNames('method', Object.keys(methods), pointer, findings);
  for (const [name, method] of Object.entries(methods)) {
    const at = appendPointer(pointer, name);
    const { ring, effect, who, params: envelope, timeout } = method;
    lintEntry(`method \`${name}\``, { ring, effect, who, envelope, key: 'params' }, at, findings);
    lintTimeout(`method \`${name}\``, timeout, at, findings);
  }
}

function lintTimeout(subject: string, timeout: string | undefined, pointer: string, findings: Findings): void {
  const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout);
  if (timeoutMs === undefined || timeoutMs <= LONG_TIMEOUT_MS) return;
  const message = `${subject} has ${timeout} to answer: a call that hangs holds its run that long`;
  findings.add('timeout-long', appendPointer(pointer, 'timeout'), message, 'set `timeout` to 10m or less');
}
