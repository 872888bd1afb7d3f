import { describe, expect, it } from 'vitest';

import { runCommand } from './support/run-command.ts';

describe('callgate schema', () => {
  it('prints the schema of the policy document, indented for people and on one line for programs', async () => {
    const pretty = await runCommand(['schema']);
    const json = await runCommand(['schema', 'policy', '--format', 'json']);
    expect(pretty.code).toBe(0);
    expect(pretty.out.split('\n').length).toBeGreaterThan(100);
    expect(json.out.trimEnd().split('\n')).toHaveLength(1);
    expect(JSON.parse(pretty.out)).toEqual(JSON.parse(json.out));
    expect(JSON.parse(json.out).properties).toHaveProperty('servers');
  });

  it('prints the schema of registers of exceptions', async () => {
    const { code, out } = await runCommand(['schema', 'exceptions']);
    expect(code).toBe(0);
    expect(JSON.parse(out).$defs.exception.required).toContain('expires');
  });

  it('prints the schema of records', async () => {
    const { code, out } = await runCommand(['schema', 'record']);
    expect(code).toBe(0);
    expect(out).toContain('"prev"');
  });
});
