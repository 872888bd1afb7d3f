import { describe, expect, it } from 'vitest';

import { LINTS } from '../../src/index.ts';

describe('what scripts rely on', () => {
  it('ids of findings and their levels stay what they are', () => {
    expect(Object.fromEntries(Object.entries(LINTS).map(([id, { level }]) => [id, level]))).toEqual({
      'no-servers': 'warning',
      'owner-missing': 'note',
      'not-enforced': 'note',
      'secret-in-policy': 'error',
      'names-differ-in-case': 'warning',
      'name-look-alike': 'warning',
      'server-permits-nothing': 'warning',
      'identity-missing': 'note',
      'identity-plaintext': 'warning',
      'identity-unpinned': 'warning',
      'trust-plaintext': 'error',
      'sampling-allowed': 'note',
      'elicitation-allowed': 'note',
      'elicitation-secrets': 'warning',
      'cache-allowed': 'note',
      'tasks-allowed': 'note',
      'meta-open': 'note',
      'headers-open': 'note',
      'uri-any': 'note',
      'uri-host-open': 'error',
      'uri-never': 'warning',
      'timeout-long': 'note',
      'tool-any': 'warning',
      'exact-escapes-pattern': 'note',
      'patterns-contradict': 'warning',
      'who-any': 'note',
      'ring-below-effect': 'warning',
      'effect-below-verb': 'warning',
      'approvers-missing': 'note',
      'dispatch-outside-envelope': 'warning',
      'envelope-missing': 'warning',
      'arguments-any': 'warning',
      'envelope-optional': 'note',
      'additional-open': 'warning',
      'value-any': 'warning',
      'string-unbounded': 'warning',
      'number-unbounded': 'note',
      'array-unbounded': 'note',
      'pattern-universal': 'warning',
      'pattern-unanchored': 'warning',
      'pattern-precedence': 'error',
      'pattern-class': 'error',
      'pattern-dot': 'warning',
    });
  });
});
