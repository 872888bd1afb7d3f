import type { DecisionEntry, DefinitionEntry, LifecycleEntry, OutcomeEntry, RecordedDrift } from '../records.ts';

// The closed sets of words in records, for the schema that reads and the writer that must not write anything else.

export const EFFECTS: readonly DecisionEntry['effect'][] = ['allow', 'deny', 'hold'];

export const DIRECTIONS: readonly DecisionEntry['direction'][] = ['client-to-server', 'server-to-client'];

export const MESSAGES: readonly DecisionEntry['message'][] = ['request', 'notification'];

export const STAGES: readonly DecisionEntry['stage'][] = ['off', 'observe', 'enforce'];

export const TOOL_EFFECTS: readonly NonNullable<DecisionEntry['toolEffect']>[] = ['read', 'write', 'destructive'];

export const TRUST: readonly NonNullable<DecisionEntry['server']['trust']>[] = ['internal', 'external'];

export const OUTCOMES: readonly OutcomeEntry['outcome'][] = [
  'ok',
  'tool_error',
  'protocol_error',
  'denied',
  'cancelled',
  'timeout',
  'quarantined',
  'unknown',
  'not_sent',
];

export const VERDICTS: readonly NonNullable<OutcomeEntry['inspection']>['verdict'][] = [
  'pass',
  'redact',
  'quarantine',
  'reject',
];

/** The verdicts that change what is delivered. */
export const WITHHELD_VERDICTS: readonly NonNullable<NonNullable<OutcomeEntry['inspection']>['would']>[] = [
  'redact',
  'quarantine',
  'reject',
];

export const DRIFT_CHOICES: readonly RecordedDrift['then'][] = ['allow', 'hold', 'deny', 'withhold'];
export const DEFINITION_EVENTS: readonly DefinitionEntry['event'][] = ['listed', 'changed', 'rejected'];

export const LIFECYCLE_EVENTS: readonly LifecycleEntry['event'][] = [
  'opened',
  'closed',
  'recovered',
  'policy',
  'quarantine',
  'history',
];
