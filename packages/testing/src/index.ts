export { allowAllPolicy } from './allow-all-policy.ts';
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
  type PolicyMatcher,
  type TestedCall,
} from './policy-matchers.ts';
