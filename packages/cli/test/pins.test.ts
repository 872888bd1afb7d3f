import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { COMMANDS } from '../src/command-table.ts';
import { EXIT } from '../src/index.ts';

const reference = readFileSync(new URL('../../../docs/reference/cli.md', import.meta.url), 'utf8');

describe('what scripts rely on', () => {
  it('exit codes stay what they are', () => {
    expect(EXIT).toEqual({ fine: 0, findings: 1, usage: 2, internal: 3, widened: 4 });
  });

  it('the reference names every command and option', () => {
    for (const command of COMMANDS) {
      expect(reference).toContain(`callgate ${command.name}`);
      for (const option of Object.keys(command.options)) expect(reference).toContain(`--${option}`);
    }
  });
});
