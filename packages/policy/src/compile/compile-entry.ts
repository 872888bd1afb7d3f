import { appendPointer, type JsonValue } from '@callgate/canonical';

import { compileAllow } from '../decide/allow.ts';
import { compileSummary } from '../decide/summary.ts';
import type { Ring, Stage, ToolEffect } from '../decision.ts';
import type { EnvelopeDocument, MethodDocument, ToolDocument } from '../document/types.ts';
import { parseDuration, parseSize } from '../document/units.ts';
import { compileEnvelope, type CompileContext } from '../envelope/compile-value.ts';
import { quarantinedPlaces, refuseQuarantined } from '../envelope/quarantined-places.ts';
import { compileWho } from '../match/who.ts';
import type { Rule } from '../rules/rule.ts';
import { compileConditionAt } from '../conditions/compile-condition-at.ts';
import { compileOutgoing, outgoingObligation, type OutgoingRules } from '../outgoing/outgoing-rules.ts';
import { compileResult, saidOf, type InheritedResult } from '../results/compile-result.ts';
import { compileDispatch } from './dispatch.ts';
import type { Entry, Envelope } from './entry.ts';
import { referenceTo } from './reference-to.ts';

/** What an entry takes from the server around it. */
export interface Inherited {
  readonly stage: Stage;
  readonly timeoutMs: number;
  readonly maxResultBytes: number;
  readonly result: InheritedResult;
  readonly outgoing: OutgoingRules;
  readonly owners: { readonly servers?: string; readonly envelopes?: string };
}

/** What an entry of any kind says. */
interface EntrySource extends Partial<Omit<ToolDocument, 'ring' | 'arguments'>> {
  readonly ring: Ring;
  readonly envelope: EnvelopeDocument | undefined;
  /** Where the envelope stands. */
  readonly envelopePointer: string;
  /** A property of the judged object that the envelope does not judge. */
  readonly ignored?: string;
  readonly isTool?: true;
}

const EFFECTS: Readonly<Record<Ring, ToolEffect>> = { 0: 'read', 1: 'read', 2: 'write', 3: 'destructive' };

/** Compiles a tool entry. */
export function compileTool(
  name: string,
  tool: ToolDocument,
  pointer: string,
  inherited: Inherited,
  context: CompileContext,
): Entry {
  const source = { ...tool, envelope: tool.arguments, envelopePointer: appendPointer(pointer, 'arguments') };
  const entry = compileEntry(`tool \`${name}\``, { ...source, isTool: true }, pointer, inherited, context);
  checkSummary(tool, pointer, context);
  return entry;
}

/** Compiles the entry of a method that MCP does not define. */
export function compileMethod(
  name: string,
  method: MethodDocument,
  pointer: string,
  inherited: Inherited,
  context: CompileContext,
): Entry {
  const { params, ...rest } = method;
  const source = { ...rest, envelope: params, envelopePointer: appendPointer(pointer, 'params'), ignored: '_meta' };
  return compileEntry(`method \`${name}\``, source, pointer, inherited, context);
}

/** Compiles an entry of any kind. */
export function compileEntry(
  subject: string,
  source: EntrySource,
  pointer: string,
  inherited: Inherited,
  context: CompileContext,
): Entry {
  const { ring, envelope: document } = source;
  const compiled =
    document === undefined ? undefined : compileEnvelope(document, source.envelopePointer, context, source.ignored);
  const envelope: Envelope = compiled ?? (document === undefined && ring > 0 ? 'missing' : 'any');
  if (source.isTool !== true) refuseQuarantined(compiled, source.envelopePointer, context.issues);
  const approval = source.approval;
  const when = typeof approval === 'object' ? approval.when : undefined;
  const entry: Omit<Entry, 'allow'> = {
    subject,
    references: Object.freeze([referenceTo(pointer, context)]),
    stage: source.stage ?? inherited.stage,
    ring,
    toolEffect: source.effect ?? EFFECTS[ring],
    who: compileWho(source.who),
    envelope,
    hasEnvelope: document !== undefined,
    takesQuarantined: quarantinedPlaces(compiled).length > 0,
    isHeld: ring === 3 || (approval !== undefined && when === undefined),
    approvers:
      typeof approval === 'object' && approval.by !== undefined ? Object.freeze(approval.by.toSorted()) : undefined,
    obligations: Object.freeze({
      timeoutMs: (source.timeout === undefined ? undefined : parseDuration(source.timeout)) ?? inherited.timeoutMs,
      maxResultBytes:
        (source.maxResultBytes === undefined ? undefined : parseSize(source.maxResultBytes)) ??
        inherited.maxResultBytes,
      durable: ring >= 2,
      ...saidOf(compileResult(source.result, inherited.result, `${pointer}/result`, context)),
      ...outgoingObligation(compileOutgoing(source.outgoing, inherited.outgoing)),
    }),
    message: source.message,
    owner: source.owner ?? inherited.owners.servers,
    summarize: compileSummary(compiled, source.summary),
    dispatch: source.dispatch === undefined ? undefined : compileDispatch(source.dispatch),
    labels: Object.freeze((source.labels ?? []).toSorted()),
    ownRules: when === undefined ? NONE : [approvalRule(source, when, pointer, inherited, context)],
    rules: undefined,
    ownControls: NONE,
    controls: undefined,
    sinks: NONE,
    cost: undefined,
    allowedMessage: `${subject} is allowed`,
  };
  return { ...entry, allow: compileAllow(entry, compiled, source.summary) };
}

const NONE: readonly never[] = Object.freeze([]);

/** An approval that depends on a condition is a rule of the entry's own. */
function approvalRule(
  source: EntrySource,
  when: string,
  pointer: string,
  inherited: Inherited,
  context: CompileContext,
): Rule {
  const at = `${pointer}/approval`;
  const { envelope, approval } = source;
  const types = {
    arguments: [typeof envelope === 'object' ? ({ properties: envelope } as unknown as JsonValue) : undefined],
    kinds: context.kinds,
  };
  return {
    id: at,
    outcome: 'hold',
    ring: 0,
    stage: source.stage ?? inherited.stage,
    references: [referenceTo(at, context)],
    fits: () => true,
    who: NONE,
    resources: undefined,
    condition: compileConditionAt(when, `${at}/when`, types, context),
    conditionAt: `${at}/when`,
    approvers:
      typeof approval === 'object' && approval.by !== undefined ? Object.freeze(approval.by.toSorted()) : undefined,
    message: source.message,
    owner: source.owner ?? inherited.owners.servers,
  };
}

/** Names in `summary` that the envelope does not declare are slips, and would record nothing. */
function checkSummary(tool: ToolDocument, pointer: string, context: CompileContext): void {
  const schemas = typeof tool.arguments === 'object' ? tool.arguments : {};
  const declared = Object.keys(schemas);
  for (const [index, name] of (tool.summary?.keep ?? []).entries()) {
    // What is withheld from the model is kept from the record, too.
    if (Object.hasOwn(schemas, name) && schemas[name]?.quarantined !== undefined)
      context.issues.add(
        `${pointer}/summary/keep/${index}`,
        'an argument that is never `quarantined`',
        'one that may be',
      );
  }
  for (const key of ['keep', 'bucket'] as const) {
    for (const [index, name] of (tool.summary?.[key] ?? []).entries()) {
      if (declared.includes(name)) continue;
      const expected =
        declared.length === 0
          ? 'arguments to be declared'
          : `a declared argument: ${declared.map((item) => `\`${item}\``).join(', ')}`;
      context.issues.add(`${pointer}/summary/${key}/${index}`, expected, 'one that is not declared');
    }
  }
}
