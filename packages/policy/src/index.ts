export type { Call, DecisionContext, Direction, PolicyDigest, Principal, ServerIdentity } from './call.ts';
export type { Capability, CompiledPolicy, CompiledServer } from './compiled-policy.ts';
export { decide } from './decide/decide.ts';
export { reachable } from './decide/reach.ts';
export { quarantinedArguments } from './decide/quarantined-arguments.ts';
export { toolLabels } from './decide/tool-labels.ts';
export type {
  Decision,
  DecisionNotice,
  Effect,
  EvaluationError,
  NextStep,
  Obligations,
  PolicyCode,
  PolicyLocation,
  Ring,
  RuleReference,
  Stage,
  ToolEffect,
  Violation,
} from './decision.ts';
export type {
  ApplyControl,
  BreakerControl,
  Control,
  ControlCode,
  ControlNotice,
  ControlVerdict,
  CostRule,
  FlowControl,
  IdempotencyControl,
  KeyPart,
  LabelControl,
  Measure,
  MeterControl,
  Overload,
  PlanControl,
  PlanMatch,
  RateControl,
  Trip,
} from './history/control.ts';
export { IGNORED_HISTORY } from './history/ignored-history.ts';
export type { ControlledCall, HistoryView } from './history/history-view.ts';
export { toolHistory, type ToolHistory } from './history/tool-history.ts';
export type {
  ApplyDocument,
  BreakerDocument,
  ControlDocument,
  CostDocument,
  FlowDocument,
  IdempotencyDocument,
  MeterDocument,
  PlanDocument,
  TripWord,
} from './document/control-types.ts';
export type {
  ApprovalDocument,
  ArgumentSchema,
  DispatchDocument,
  DriftDocument,
  ElicitationDocument,
  ElicitationUrlDocument,
  EnvelopeDocument,
  ExceptionDocument,
  ExceptionsDocument,
  KindSchema,
  MethodDocument,
  OwnedLayer,
  Permission,
  PolicyDocument,
  PromptDocument,
  OneOrMore,
  ResourceMatchDocument,
  ResultDocument,
  ResourcesDocument,
  RuleDocument,
  RuleMatchDocument,
  SamplingDocument,
  ServerDocument,
  SummaryDocument,
  ToolDocument,
  ValueSchema,
  ValueType,
  WhoDocument,
} from './document/types.ts';
export { exceptionsJsonSchema, policyJsonSchema } from './document/json-schema.ts';
export { PolicyError, type PolicyErrorCode, type PolicyIssue } from './errors.ts';
export { isInForce, type CompiledException, type ExceptionRegister } from './exceptions/exception.ts';
export type { PolicySource } from './load/document-source.ts';
export { POLICY_LANGUAGE_VERSION, compilePolicy, definePolicy, parsePolicy } from './load/load.ts';
export { compileExceptions, parseExceptions, withExceptions } from './load/load-exceptions.ts';
export {
  DEFAULT_DRIFT_RULES,
  DRIFT_CHOICES,
  DRIFT_RULES,
  type DriftChoice,
  type DriftRule,
  type DriftRules,
} from './drift/drift-rules.ts';
export { DEFAULT_OUTGOING_RULES, type OutgoingChoice, type OutgoingRules } from './outgoing/outgoing-rules.ts';
export {
  CONTENT_KINDS,
  DEFAULT_RESULT_RULES,
  RESULT_CLASSES,
  RESULT_TREATMENTS,
  type ContentKind,
  type ResultClass,
  type ResultRules,
  type ResultTreatment,
  type RowLimit,
} from './results/result-rules.ts';
export type {
  ArgumentKind,
  CompiledKind,
  Containment,
  KindProblem,
  NamedResource,
  ReportKindIssue,
  ResourceType,
} from './kinds/kind.ts';
export { explain, type ExplainedEntry, type ExplainedViolation, type Explanation } from './explain/explain.ts';
export type { ExceptionState, ExplainedException } from './explain/explain-exception.ts';
export type { ExplainedControl } from './explain/explain-control.ts';
export type { ExplainedPart, ExplainedRule } from './explain/explain-rule.ts';
export { explainToModel, type ModelExplanation, type ModelWay } from './explain/explain-to-model.ts';
export type { CallChange, PassingWay } from './explain/passing-way.ts';
export { coverageOf, type Coverage, type CoverageItem } from './suite/coverage.ts';
export { mutateSuite, type MutationResult } from './suite/mutate-suite.ts';
export type { Mutant } from './suite/mutants.ts';
export { parseSuite } from './suite/parse-suite.ts';
export { runSuite } from './suite/run-suite.ts';
export type { SuiteAttempt, SuiteHistory, SuiteOptions } from './suite/suite-history.ts';
export type {
  CaseResult,
  ExpectationDocument,
  GivenCall,
  GivenDocument,
  GivenOutcome,
  GivenOutcomeWord,
  Suite,
  SuiteCallDocument,
  SuiteCase,
  SuiteDocument,
  SuiteTestDocument,
} from './suite/types.ts';
export { parseInstant } from './internal/instant.ts';
export { parseDuration, parseSize } from './document/units.ts';
export type { Finding } from './lint/findings.ts';
export { lint, type LintOptions } from './lint/lint.ts';
export { LINTS, type LintId, type LintLevel } from './lint/lints.ts';
export { diffPolicies } from './diff/diff.ts';
export type {
  Answer,
  Change,
  ChangeDirection,
  ComparedPolicy,
  DiffItem,
  DiffOptions,
  DiffSubject,
  Flip,
  FlipKind,
  PolicyDiff,
} from './diff/policy-diff.ts';
export { compilePredicate, isNever, type CallPredicate } from './search/predicate.ts';
export { compileValueSpace } from './search/compile-value-space.ts';
export type { ToolCall } from './search/tool-call.ts';
export { toolSpaces, type SearchScope, type ToolSpace } from './search/tool-space.ts';
export type { ObjectSpace, PropertySpace, ValueSpace } from './search/value-space.ts';
export type { ObservedCall } from './suggest/observed-call.ts';
export { PolicyLearner, suggestPolicy, type SuggestOptions } from './suggest/policy-learner.ts';
export { policyYaml } from './suggest/policy-yaml.ts';
export { starterPolicy, type StarterOptions, type StarterServer } from './suggest/starter-policy.ts';
export type {
  AnnotatedPolicy,
  HeldOutCheck,
  HeldOutRefusal,
  ObservedRate,
  PolicyNote,
  SkippedCalls,
  Suggestion,
} from './suggest/suggestion.ts';
export { readToolDefinitions, type ToolDefinition } from './suggest/tool-definition.ts';
export { isProtocolRequest } from './methods/protocol-methods.ts';
