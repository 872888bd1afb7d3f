/** A promised behaviour, where the promise stands, and the id that tests cite in their names as `[id]`. */
export interface Requirement {
  readonly id: string;
  readonly promise: string;
  /** `P1` to `P10`: docs/architecture.md, the promises; `path`, `transport`, `limits`, `sick`: its other sections. */
  readonly source:
    | 'P1'
    | 'P2'
    | 'P3'
    | 'P4'
    | 'P5'
    | 'P6'
    | 'P7'
    | 'P8'
    | 'P9'
    | 'P10'
    | 'path'
    | 'transport'
    | 'limits'
    | 'sick';
}

/** Every promise this version makes. `requirements.test.ts` fails where one has no citing test, or a test cites none of these. */
export const REQUIREMENTS: readonly Requirement[] = [
  { id: 'bypass.toctou', source: 'P1', promise: 'what the caller changes after send changes nothing' },
  { id: 'bypass.frozen', source: 'P1', promise: 'what is sent is frozen' },
  { id: 'bypass.exotic', source: 'P1', promise: 'arguments that show one thing and send another are denied' },
  { id: 'bypass.id-coercion', source: 'P1', promise: 'answers match by id and type' },
  { id: 'bypass.forged', source: 'P1', promise: 'an answer before the request was sent is dropped' },
  { id: 'bypass.duplicate', source: 'P1', promise: 'a second answer is dropped' },
  { id: 'bypass.result-mutation', source: 'P1', promise: 'what was inspected is what is delivered' },
  { id: 'bypass.sealed', source: 'P1', promise: 'the transport inside serves nobody else' },
  { id: 'bypass.batch', source: 'P1', promise: 'batches are refused' },
  { id: 'bypass.malformed', source: 'P1', promise: 'malformed messages do not leave' },
  { id: 'bypass.resumption', source: 'P1', promise: 'a resumption token resumes only the call it was given for' },
  { id: 'bypass.cancel-order', source: 'P1', promise: 'a cancellation never overtakes its request' },
  { id: 'bypass.reply', source: 'P1', promise: 'replies leave only for requests that were let through' },
  { id: 'bypass.mrtr', source: 'P1', promise: 'input requests inside results are decided like server requests' },
  { id: 'bypass.tasks', source: 'P1', promise: 'tasks belong to governed calls' },
  {
    id: 'bypass.cache',
    source: 'P1',
    promise: 'the SDK does not answer from its cache where policy does not allow it',
  },
  { id: 'bypass.interleaving', source: 'P1', promise: 'no interleaving lets a request out without an allow record' },
  { id: 'bypass.sdk', source: 'P1', promise: 'every way an SDK client can send is governed' },
  { id: 'egress.meta', source: 'P1', promise: 'metadata outside the allowlist does not leave' },
  { id: 'egress.envelope', source: 'P1', promise: 'the 2026 envelope is pinned to the handshake' },
  { id: 'egress.headers', source: 'P1', promise: 'headers outside the allowlist do not leave' },
  { id: 'egress.fetch', source: 'P1', promise: 'a body changed by fetch middleware does not leave' },
  { id: 'default-deny', source: 'path', promise: 'what policy does not name is denied, in both directions' },
  { id: 'decide.deterministic', source: 'P2', promise: 'equal inputs give byte-identical decisions' },
  { id: 'decide.never-throws', source: 'P3', promise: 'decide never throws for anything in a call' },
  { id: 'decide.three-valued', source: 'P3', promise: 'malformed values satisfy no condition' },
  { id: 'decide.narrowing', source: 'P3', promise: 'adding a constraint never allows more' },
  {
    id: 'decide.history',
    source: 'P3',
    promise: 'a call that a control is about is denied without history, time or key',
  },
  { id: 'decide.order', source: 'P4', promise: 'the order of entries never changes a decision' },
  {
    id: 'history.cap',
    source: 'P7',
    promise: 'a cap of calls under way is never exceeded, and nothing stays reserved',
  },
  { id: 'history.restart', source: 'P5', promise: 'a restart neither refills a budget nor closes a breaker' },
  { id: 'history.once', source: 'P1', promise: 'a write with a key happens once' },
  {
    id: 'history.plan',
    source: 'P1',
    promise: 'what needs a plan is applied once, as it was planned, in the run that planned it',
  },
  { id: 'history.flow', source: 'P1', promise: 'what a run has seen decides what it may send, whatever the words' },
  { id: 'evidence.durable', source: 'P5', promise: 'ring 2 and 3 calls wait for their durable record' },
  { id: 'evidence.kill', source: 'P5', promise: 'after kill -9 every executed call has its record' },
  { id: 'evidence.chain', source: 'P5', promise: 'any change of a stored record is detected' },
  { id: 'evidence.fail-closed', source: 'sick', promise: 'a failed ledger denies' },
  { id: 'secrets.canary', source: 'P6', promise: 'no argument, result or token text reaches any output' },
  { id: 'secrets.decision', source: 'P6', promise: 'no value of a call reaches its decision' },
  { id: 'bounded.flood', source: 'P7', promise: 'unasked messages are bounded' },
  { id: 'bounded.result', source: 'P7', promise: 'results are bounded' },
  { id: 'bounded.garbage', source: 'P7', promise: 'garbage is dropped' },
  { id: 'bounded.progress', source: 'P7', promise: 'progress is bounded' },
  { id: 'bounded.linear', source: 'P7', promise: 'deciding is linear on hostile input' },
  { id: 'deadline.hard', source: 'limits', promise: 'a call ends at its deadline whatever the server does' },
  { id: 'hollow-success', source: 'path', promise: 'a malformed answer is not taken for an empty success' },
  { id: 'definitions.redefined', source: 'path', promise: 'a tool defined twice in a listing is withheld' },
  {
    id: 'definitions.locked',
    source: 'path',
    promise: 'what is not as it was locked is withheld, and denied when called',
  },
  { id: 'definitions.listed-first', source: 'path', promise: 'a change between list and call is caught' },
  {
    id: 'identity.locked',
    source: 'path',
    promise: 'a server that is not the locked one is not started, and told nothing',
  },
  { id: 'handshake.attenuated', source: 'path', promise: 'capabilities that policy denies are not offered' },
  { id: 'denial.spoofed', source: 'P8', promise: 'a server cannot forge a denial of the gate' },
  { id: 'legible.model', source: 'P8', promise: 'a denial tells the model what failed and what would pass' },
  { id: 'legible.operator', source: 'P8', promise: 'a decision names the rule and its line' },
  { id: 'interceptor.redecided', source: 'path', promise: 'a mutation is decided again' },
  {
    id: 'sick.policy',
    source: 'sick',
    promise: 'while no newer policy can be had the last good one decides, then reads only',
  },
  {
    id: 'quarantine.sealed',
    source: 'P6',
    promise: 'what is kept is told by nothing, and opens only as it was sealed',
  },
  { id: 'quarantine.once', source: 'P5', promise: 'what is kept goes out once, after the record of who and why' },
  { id: 'quarantine.bounded', source: 'P7', promise: 'what is kept is bounded, and the oldest goes first' },
  { id: 'quarantine.handle', source: 'P1', promise: 'a handle opens for its run and principal only' },
  { id: 'data.envelope', source: 'P8', promise: 'no content closes the envelope that says that it is data' },
  { id: 'interceptor.fail-closed', source: 'sick', promise: 'a failing interceptor denies' },
  { id: 'transparent.members', source: 'P9', promise: 'the wrapped transport shows the members of the one inside' },
  {
    id: 'transparent.conformance',
    source: 'P9',
    promise: 'conformance suites give the same result governed and ungoverned',
  },
  { id: 'replay.decisions', source: 'P10', promise: 'recorded calls decide again to the recorded decision' },
  { id: 'replay.runs', source: 'P10', promise: 'a recorded run decides again with its history, to the last detail' },
  { id: 'replay.processes', source: 'P10', promise: 'a replay is byte-identical in another process' },
];
