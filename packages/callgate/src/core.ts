import type { DecisionEntry } from '@callgate/audit';
import type { Clock, IdSource, PlainDataLimits } from '@callgate/canonical';
import type { ToolNames } from '@callgate/inspector';
import type { CompiledPolicy } from '@callgate/policy';

import type { ActorContext } from './actor.ts';
import type { ResumptionBook } from './connection/resumption-book.ts';
import type { EgressGuard } from './egress-guard.ts';
import type { EventHub } from './events.ts';
import type { GateHistory } from './history/gate-history.ts';
import type { KeptOutcomes } from './history/kept-outcomes.ts';
import type { Evidence } from './evidence.ts';
import type { Inspectors } from './inspection/inspectors.ts';
import type { InterceptorChains } from './interceptors.ts';
import type { MakeLockGuard } from './lock/lock-guard.ts';
import type { Quarantine } from './quarantine/quarantine.ts';
import type { Telemetry } from './telemetry/telemetry.ts';
import type { CallTracer } from './trace/call-tracer.ts';

/** What all connections of one gate share. */
export interface GateCore {
  /** The policy in force. `gate.reload` puts another in its place; nothing else does. */
  policy: CompiledPolicy;
  /** The policy in force as records name it; frozen, and one object for all of them. */
  policyRecord: DecisionEntry['policy'];
  readonly clock: Clock;
  /** Milliseconds that never go backwards. */
  readonly elapsedMs: () => number;
  readonly ids: IdSource;
  readonly evidence: Evidence;
  readonly events: EventHub;
  readonly telemetry: Telemetry;
  /** Undefined where the host asked for none. */
  readonly trace: CallTracer | undefined;
  /** Undefined where the host gave no lock. */
  readonly lockGuard: MakeLockGuard | undefined;
  readonly actors: ActorContext;
  readonly interceptors: InterceptorChains;
  readonly resumptions: ResumptionBook;
  readonly egress: EgressGuard;
  /** What happened before, as the policy's controls count it. */
  readonly history: GateHistory;
  /** The answers of writes that happen once for each key, for those who repeat them. */
  readonly keptOutcomes: KeptOutcomes;
  /** One for each set of rules. */
  readonly inspectors: Inspectors;
  /** What inspection withheld. */
  readonly quarantine: Quarantine;
  /** The tools that all servers have listed, to find names that could be taken for each other. */
  readonly toolNames: ToolNames;
  /** From 0 up to 1, for pauses that are not all the same. */
  readonly random: () => number;
  readonly maxInspectionMs: number;
  readonly onDeny: 'result' | 'throw';
  readonly whenLedgerFails: 'deny' | 'allow-reads';
  readonly propagateTrace: boolean;
  readonly messageLimits: Partial<PlainDataLimits>;
  readonly maxOpenRequests: number;
  isClosed: boolean;
}
