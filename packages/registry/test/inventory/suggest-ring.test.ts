import { describe, expect, it } from 'vitest';

import { suggestRing } from '../../src/index.ts';
import { suggestServerRing } from '../../src/inventory/suggest-ring.ts';

describe('a ring is suggested from what a tool is called', () => {
  it.each([
    ['get_ticket', 1, 'read'],
    ['searchDocuments', 1, 'read'],
    ['export_customers', 2, 'read'],
    ['query', 2, 'read'],
    ['create_issue', 2, 'write'],
    ['send-mail', 2, 'write'],
    ['frobnicate', 2, 'write'],
    ['deleteFile', 3, 'destructive'],
    ['drop_table', 3, 'destructive'],
    ['run_command', 3, 'write'],
    ['get_secret', 3, 'read'],
    ['list_and_delete', 3, 'destructive'],
  ] as const)('%s: ring %i, %s', (name, ring, effect) => {
    expect(suggestRing({ name })).toMatchObject({ ring, effect });
  });
});

describe('annotations', () => {
  it('never lower a ring that the name suggests', () => {
    expect(suggestRing({ name: 'delete_file', annotations: { readOnlyHint: true } })).toMatchObject({ ring: 3 });
    expect(suggestRing({ name: 'create_issue', annotations: { readOnlyHint: true } })).toMatchObject({ ring: 2 });
  });

  it('raise one, and say what the name does not', () => {
    expect(suggestRing({ name: 'tidy', annotations: { destructiveHint: true } })).toMatchObject({ ring: 3 });
    expect(suggestRing({ name: 'weather', annotations: { readOnlyHint: true } })).toMatchObject({
      ring: 1,
      effect: 'read',
    });
  });
});

describe('a server', () => {
  it('has the highest ring of its tools', () => {
    const tools = ['get_a', 'delete_b', 'create_c'].map((name) => suggestRing({ name }));
    expect(suggestServerRing({ name: 's', command: [] }, tools)).toMatchObject({ ring: 3 });
  });

  it('whose tools are not known has ring 2, or 3 where its name says more', () => {
    expect(suggestServerRing({ name: 'notes', command: ['npx', 'notes'] }, null)).toMatchObject({ ring: 2 });
    expect(suggestServerRing({ name: 'x', command: ['npx', 'desktop-commander'] }, null)).toMatchObject({ ring: 3 });
    expect(suggestServerRing({ name: 'x', command: ['npx', 'subshellfish'] }, null)).toMatchObject({ ring: 2 });
  });
});
