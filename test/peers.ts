/** Failures seen in other checkpoints and policy engines, and the tests that each is impossible here. */
export interface PeerFailure {
  readonly failure: string;
  /** File and words of the test's name. */
  readonly tests: readonly (readonly [file: string, name: string])[];
}

const POLICY = 'packages/policy/test/';
const GATE = 'test/gate/';

export const PEER_FAILURES: readonly PeerFailure[] = [
  {
    failure: 'a condition that cannot be evaluated counts as false, and its deny rule vanishes',
    tests: [
      [`${POLICY}peers.test.ts`, 'does not make the rule vanish: %s'],
      [`${POLICY}rule-conditions.test.ts`, 'that cannot be evaluated denies and is never false: %s'],
    ],
  },
  {
    failure: '`null`, `""`, `[5]`, NaN, Infinity, huge numbers and numbers as text satisfy a bound',
    tests: [
      [`${POLICY}values.test.ts`, 'is not satisfied by %s'],
      ['test/malformed/malformed.test.ts', '%j takes nothing malformed'],
      ['test/malformed/malformed.test.ts', 'keeps what is malformed from passing where only what %s holds for may'],
    ],
  },
  {
    failure: 'an omitted field satisfies `!=` and `not in`; a typo in its name disables the rule',
    tests: [
      [`${POLICY}rule-conditions.test.ts`, 'an absent field satisfies no != and no not-in'],
      [`${POLICY}peers.test.ts`, 'a misspelt field name does not load instead of disabling the rule'],
      [`${POLICY}rule-conditions.test.ts`, 'an argument that no matched tool has'],
    ],
  },
  {
    failure: 'an allow beats a required approval; an allow that fails falls through to a wildcard',
    tests: [
      [
        `${POLICY}peers.test.ts`,
        'an allow does not beat a hold, and a failed entry does not fall through to a wildcard',
      ],
    ],
  },
  {
    failure: 'no policy, or no rule that matches, means allow; a default that is configured is never read',
    tests: [
      [`${POLICY}peers.test.ts`, 'an empty policy allows nothing'],
      [`${POLICY}peers.test.ts`, 'a default action does not load instead of being ignored'],
    ],
  },
  {
    failure: 'patterns of published examples let other domains through; an example does the reverse of what it says',
    tests: [
      [`${POLICY}peers.test.ts`, 'an address pattern that is anchored lets no other domain through'],
      [`${POLICY}peers.test.ts`, 'an address pattern such as %s, which lets %s through, is found as %s'],
      ['test/readme.test.ts', 'every piece of TypeScript and YAML in %s comes from a file that runs'],
    ],
  },
  {
    failure: '`delete_*` is taken literally; nested arguments and lists are invisible',
    tests: [
      [`${POLICY}peers.test.ts`, 'a verb pattern is a pattern'],
      [`${POLICY}peers.test.ts`, 'nested arguments and lists are seen'],
    ],
  },
  {
    failure: 'two engines, one of them never called; full marks with nothing configured',
    tests: [
      [`${GATE}replay.test.ts`, 'the calls behind a ledger decide again to what the ledger says'],
      [`${POLICY}peers.test.ts`, 'a suite without a test covers nothing'],
    ],
  },
  {
    failure: 'only `callTool` is wrapped, and everything else goes round it',
    tests: [
      [`${GATE}sdk.test.ts`, 'no way of sending goes round the gate'],
      [`${GATE}inbound.test.ts`, 'tasks are off by default: the methods, the calls and both capabilities'],
    ],
  },
  {
    failure: 'arguments change after the decision; a change by a hook is not decided again',
    tests: [
      [`${GATE}attacks.test.ts`, 'what the caller changes after `send` reaches neither policy nor server'],
      [`${GATE}outbound.test.ts`, 'a mutation is decided again: it cannot smuggle what policy denies'],
      [
        `${GATE}interleaving.props.test.ts`,
        'the server never receives a request without an allow record of exactly its params',
      ],
    ],
  },
  {
    failure: 'a dispatcher is authorised by its outer name only',
    tests: [
      [`${POLICY}peers.test.ts`, 'a dispatcher is not authorised by its outer name only'],
      [`${POLICY}dispatch.test.ts`, 'is judged by the call it carries'],
    ],
  },
  {
    failure:
      'the check after the call is skipped for errors; a hook hangs for ever; a hook that throws leaves no record',
    tests: [
      [
        `${GATE}outbound.test.ts`,
        'one that throws in the response phase quarantines the answer, also that of a failed tool',
      ],
      [`${GATE}inbound.test.ts`, 'an oversized error is withheld too'],
      [`${GATE}outbound.test.ts`, 'one that hangs runs out of time and denies'],
      [`${GATE}outbound.test.ts`, 'one that %s denies, and the record says so'],
    ],
  },
  {
    failure: 'a check for path traversal fails on some repeated calls',
    tests: [[`${POLICY}values.test.ts`, 'give the same answer to a pattern however often it is asked']],
  },
  {
    failure: 'a denial looks like an unknown tool, or like a checker that crashed',
    tests: [
      [
        `${GATE}path.test.ts`,
        'an unknown tool, an unknown method and an unregistered server are denied by different codes',
      ],
      [`${GATE}path.test.ts`, 'a denied call never reaches the server and is answered legibly as a tool error'],
      [`${POLICY}rule-conditions.test.ts`, 'that cannot be evaluated denies and is never false: %s'],
    ],
  },
];
