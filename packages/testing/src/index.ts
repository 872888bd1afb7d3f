export { allowAllPolicy } from './allow-all-policy.ts';
export { callsOf, type CallsOptions, type CallSource, type GeneratedCall } from './calls/call-source.ts';
export type { ToolDefinition, ToolListings } from './calls/search-space.ts';
export type { CallVariant } from './calls/strange-values.ts';
export { PolicyAssertionError, type ComparedValues, type TestingErrorCode } from './errors.ts';
export { createFailingSink, type FailingSink } from './failing-sink.ts';
export {
  createFakeServer,
  type FakeHandler,
  type FakeMessage,
  type FakeServer,
  type FakeServerOptions,
} from './fake-server.ts';
export {
  assertDecision,
  policyMatchers,
  type MatcherResult,
  type PolicyExpectations,
  type PolicyMatcher,
  type TestedCall,
} from './policy-matchers.ts';
export { assertAlways, assertNever } from './properties/assert-property.ts';
export { findCall, type CallSearch, type FoundCall } from './properties/find-call.ts';
export type { CallFilter, PropertyOptions } from './properties/property.ts';
export { survivorsOf, type Survivor } from './survivors.ts';
