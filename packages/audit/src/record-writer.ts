import { RecordError } from './errors.ts';
import { FrozenText } from './internal/frozen-text.ts';
import { RepeatedMember } from './internal/repeated-member.ts';
import {
  countText,
  dataText,
  digestText,
  nullableDigestText,
  nullableText,
  numberText,
  stringText,
  wordText,
} from './internal/json-text.ts';
import {
  DEFINITION_EVENTS,
  DRIFT_CHOICES,
  DIRECTIONS,
  EFFECTS,
  LIFECYCLE_EVENTS,
  MESSAGES,
  OUTCOMES,
  STAGES,
  TOOL_EFFECTS,
  TRUST,
  VERDICTS,
  WITHHELD_VERDICTS,
} from './internal/record-words.ts';
import type {
  AnomalyEntry,
  AuditEntry,
  AuditRecord,
  DecisionEntry,
  DefinitionEntry,
  RecordedDrift,
  GapEntry,
  LifecycleEntry,
  OutcomeEntry,
} from './records.ts';
import { RECORD_VERSION, type RecordHeader } from './records.ts';

/**
 * The line of a record: its RFC 8785 text, without a line feed.
 *
 * Records have fixed shapes, so their members are written in canonical order (UTF-16 code units of the names) without
 * sorting; a property test holds the bytes equal to a general serialiser's. Members a shape does not have are left out.
 *
 * @throws {RecordError} at the first member that is missing, of the wrong type, or not plain data
 */
export function writeRecord(record: AuditRecord): string {
  return writeEntry(record, headerText(record));
}

/** The header's members as they stand in every line: some before, some after the entry's own. */
export interface HeaderText {
  /** `"ledger":…` */
  readonly ledger: string;
  /** `"prev":…` */
  readonly prev: string;
  /** `"seq":…` */
  readonly seq: string;
}

function headerText(header: RecordHeader): HeaderText {
  return {
    ledger: `"ledger":${stringText(header.ledger, '/ledger')}`,
    prev: `"prev":${nullableText(header.prev, '/prev')}`,
    seq: `"seq":${numberText(header.seq, '/seq')}`,
  };
}

export function writeEntry(entry: AuditEntry, header: HeaderText): string {
  switch (entry.kind) {
    case 'decision':
      return writeDecision(entry, header);
    case 'outcome':
      return writeOutcome(entry, header);
    case 'definition':
      return writeDefinition(entry, header);
    case 'anomaly':
      return writeAnomaly(entry, header);
    case 'lifecycle':
      return writeLifecycle(entry, header);
    case 'gap':
      return writeGap(entry, header);
  }
}

const members = {
  code: new RepeatedMember('code', stringText),
  definition: new RepeatedMember('definition', nullableDigestText),
  direction: new RepeatedMember('direction', oneOf(DIRECTIONS)),
  effect: new RepeatedMember('effect', oneOf(EFFECTS)),
  message: new RepeatedMember('message', oneOf(MESSAGES)),
  method: new RepeatedMember('method', stringText),
  outcome: new RepeatedMember('outcome', oneOf(OUTCOMES)),
  outcomeCode: new RepeatedMember('code', nullableText),
  run: new RepeatedMember('run', nullableText),
  stage: new RepeatedMember('stage', oneOf(STAGES)),
  target: new RepeatedMember('target', nullableText),
  toolEffect: new RepeatedMember('toolEffect', nullOr(oneOf(TOOL_EFFECTS))),
  would: new RepeatedMember('would', nullOr(oneOf(EFFECTS))),
  wouldCode: new RepeatedMember('wouldCode', nullableText),
};

function oneOf(words: readonly string[]): (value: string, pointer: string) => string {
  return (value, pointer) => wordText(value, words, pointer);
}

function nullOr(write: (value: string, pointer: string) => string): (value: string | null, pointer: string) => string {
  return (value, pointer) => (value === null ? 'null' : write(value, pointer));
}

const VERSION = `"v":${RECORD_VERSION}`;

function writeDecision(entry: DecisionEntry, { ledger, prev, seq }: HeaderText): string {
  return (
    `{"arguments":${nullableDigestText(entry.arguments, '/arguments')},${members.code.of(entry.code)}` +
    `,${members.definition.of(entry.definition)},${members.direction.of(entry.direction)}` +
    `,${members.effect.of(entry.effect)},"exceptions":${listText(entry.exceptions, '/exceptions')}` +
    `,"interceptors":${listText(entry.interceptors, '/interceptors')}` +
    `,"kind":"decision",${ledger},${members.message.of(entry.message)},${members.method.of(entry.method)}` +
    `${noticesText(entry.notices)},"observed":${listText(entry.observed, '/observed')}` +
    `,"params":${digestText(entry.params, '/params')}${parentsMember(entry.parents)},"policy":${policies.of(entry.policy)},${prev}` +
    `,"principal":${principals.of(entry.principal)},"request":${stringText(entry.request, '/request')}` +
    `,"ring":${ringText(entry.ring)},"rules":${entry.rules.length === 0 ? '[]' : rules.of(entry.rules)}` +
    `,${members.run.of(entry.run)},${seq},"server":${servers.of(entry.server)},${members.stage.of(entry.stage)}` +
    `,"summary":${dataText(entry.summary, '/summary')},${members.target.of(entry.target)}` +
    `,"time":${numberText(entry.time, '/time')},${members.toolEffect.of(entry.toolEffect)}` +
    `,"trace":${traceText(entry.trace)},${VERSION},"violations":${violationsText(entry.violations)}` +
    `,${members.would.of(entry.would)},${members.wouldCode.of(entry.wouldCode)}}`
  );
}

function noticesText(notices: DecisionEntry['notices']): string {
  return notices === undefined ? '' : `,"notices":${listText(notices, '/notices')}`;
}

function writeOutcome(entry: OutcomeEntry, { ledger, prev, seq }: HeaderText): string {
  return (
    `{${members.outcomeCode.of(entry.code)}${costMember(entry.cost)},"durationMs":${numberText(entry.durationMs, '/durationMs')}` +
    `,"inspection":${inspectionText(entry.inspection)},"kind":"outcome"${labelsMember(entry.labels)},${ledger}` +
    `,${members.outcome.of(entry.outcome)},${prev},"request":${stringText(entry.request, '/request')}` +
    `,"response":${responseText(entry.response)},${seq},"summary":${dataText(entry.summary, '/summary')}` +
    `,"time":${numberText(entry.time, '/time')},${VERSION}}`
  );
}

function writeDefinition(entry: DefinitionEntry, { ledger, prev, seq }: HeaderText): string {
  return (
    `{"code":${nullableText(entry.code, '/code')}${driftsMember(entry.drifts)}` +
    `,"event":${wordText(entry.event, DEFINITION_EVENTS, '/event')}` +
    `,"kind":"definition",${ledger},"manifest":${nullableDigestText(entry.manifest, '/manifest')},${prev},${seq}` +
    `,"server":${stringText(entry.server, '/server')},"time":${numberText(entry.time, '/time')}` +
    `,"tools":${toolsText(entry.tools)},${VERSION}}`
  );
}

function writeAnomaly(entry: AnomalyEntry, { ledger, prev, seq }: HeaderText): string {
  return (
    `{"code":${stringText(entry.code, '/code')},"detail":${dataText(entry.detail, '/detail')},"kind":"anomaly"` +
    `,${ledger},${prev},"request":${nullableText(entry.request, '/request')},${seq}` +
    `,"server":${stringText(entry.server, '/server')},"time":${numberText(entry.time, '/time')},${VERSION}}`
  );
}

function writeLifecycle(entry: LifecycleEntry, { ledger, prev, seq }: HeaderText): string {
  return (
    `{"detail":${dataText(entry.detail, '/detail')},"event":${wordText(entry.event, LIFECYCLE_EVENTS, '/event')},"kind":"lifecycle"` +
    `,${ledger},${prev},${seq},"time":${numberText(entry.time, '/time')},${VERSION}}`
  );
}

function writeGap(entry: GapEntry, { ledger, prev, seq }: HeaderText): string {
  return (
    `{"code":${stringText(entry.code, '/code')},"count":${countText(entry.count, '/count')},"kind":"gap"` +
    `,${ledger},${prev},${seq},"time":${numberText(entry.time, '/time')},${VERSION}}`
  );
}

const policies = new FrozenText<DecisionEntry['policy']>(
  (policy) =>
    `{"digest":${digestText(policy.digest, '/policy/digest')},"name":${stringText(policy.name, '/policy/name')}` +
    `,"version":${stringText(policy.version, '/policy/version')}}`,
);

const servers = new FrozenText<DecisionEntry['server']>(
  (server) =>
    `{"identity":${server.identity === null ? 'null' : dataText(server.identity, '/server/identity')}` +
    `,"manifest":${nullableDigestText(server.manifest, '/server/manifest')},"name":${stringText(server.name, '/server/name')}` +
    `,"trust":${server.trust === null ? 'null' : wordText(server.trust, TRUST, '/server/trust')}}`,
);

const principals = new FrozenText<DecisionEntry['principal']>((principal) => {
  const parts: string[] = [];
  if (principal.agent !== undefined) parts.push(`"agent":${stringText(principal.agent, '/principal/agent')}`);
  if (principal.roles !== undefined) parts.push(`"roles":${listText(principal.roles, '/principal/roles')}`);
  if (principal.team !== undefined) parts.push(`"team":${stringText(principal.team, '/principal/team')}`);
  if (principal.tenant !== undefined) parts.push(`"tenant":${stringText(principal.tenant, '/principal/tenant')}`);
  if (principal.user !== undefined) parts.push(`"user":${stringText(principal.user, '/principal/user')}`);
  if (principal.workload !== undefined)
    parts.push(`"workload":${stringText(principal.workload, '/principal/workload')}`);
  return `{${parts.join(',')}}`;
});

const rules = new FrozenText<DecisionEntry['rules']>(
  (list) =>
    `[${list
      .map(
        ({ rule, line }, index) =>
          `{"line":${line === null ? 'null' : numberText(line, `/rules/${index}/line`)}` +
          `,"rule":${stringText(rule, `/rules/${index}/rule`)}}`,
      )
      .join(',')}]`,
);

function listText(list: readonly string[], pointer: string): string {
  return list.length === 0 ? '[]' : `[${list.map((item, index) => stringText(item, `${pointer}/${index}`)).join(',')}]`;
}

function ringText(ring: DecisionEntry['ring']): string {
  if (ring === null) return 'null';
  if (ring === 0 || ring === 1 || ring === 2 || ring === 3) return String(ring);
  throw new RecordError({ pointer: '/ring', expected: 'a ring from 0 to 3', got: 'something else' });
}

function traceText(trace: DecisionEntry['trace']): string {
  if (trace === null) return 'null';
  return `{"spanId":${stringText(trace.spanId, '/trace/spanId')},"traceId":${stringText(trace.traceId, '/trace/traceId')}}`;
}

function violationsText(violations: DecisionEntry['violations']): string {
  if (violations.length === 0) return '[]';
  return `[${violations
    .map(
      ({ code, pointer }, index) =>
        `{"code":${stringText(code, `/violations/${index}/code`)}` +
        `,"pointer":${stringText(pointer, `/violations/${index}/pointer`)}}`,
    )
    .join(',')}]`;
}

function inspectionText(inspection: OutcomeEntry['inspection']): string {
  if (inspection === null) return 'null';
  return (
    `{"redactions":${countText(inspection.redactions, '/inspection/redactions')}` +
    `,"rules":${listText(inspection.rules, '/inspection/rules')}` +
    `,"verdict":${wordText(inspection.verdict, VERDICTS, '/inspection/verdict')}` +
    `,"would":${inspection.would === null ? 'null' : wordText(inspection.would, WITHHELD_VERDICTS, '/inspection/would')}}`
  );
}

function responseText(response: OutcomeEntry['response']): string {
  if (response === null) return 'null';
  return `{"bytes":${countText(response.bytes, '/response/bytes')},"digest":${digestText(response.digest, '/response/digest')}}`;
}

// What may be absent at the top of a record.

function costMember(cost: number | undefined): string {
  if (cost === undefined) return '';
  if (!(cost >= 0)) throw new RecordError({ pointer: '/cost', expected: 'a number from 0', got: 'something else' });
  return `,"cost":${numberText(cost, '/cost')}`;
}

function labelsMember(labels: readonly string[] | undefined): string {
  return labels === undefined ? '' : `,"labels":${listText(labels, '/labels')}`;
}

/** Those of one run are one frozen list in all of its records. */
const parents = new FrozenText<readonly string[]>((list) => listText(list, '/parents'));

function parentsMember(list: readonly string[] | undefined): string {
  return list === undefined ? '' : `,"parents":${parents.of(list)}`;
}

function driftsMember(drifts: readonly RecordedDrift[] | undefined): string {
  if (drifts === undefined) return '';
  return `,"drifts":[${drifts
    .map(
      ({ classes, digest, kind, name, then }, index) =>
        `{"classes":${listText(classes, `/drifts/${index}/classes`)}` +
        `,"digest":${nullableDigestText(digest, `/drifts/${index}/digest`)}` +
        `,"kind":${stringText(kind, `/drifts/${index}/kind`)},"name":${stringText(name, `/drifts/${index}/name`)}` +
        `,"then":${wordText(then, DRIFT_CHOICES, `/drifts/${index}/then`)}}`,
    )
    .join(',')}]`;
}

function toolsText(tools: DefinitionEntry['tools']): string {
  return `[${tools
    .map(
      ({ name, digest }, index) =>
        `{"digest":${digestText(digest, `/tools/${index}/digest`)},"name":${stringText(name, `/tools/${index}/name`)}}`,
    )
    .join(',')}]`;
}
