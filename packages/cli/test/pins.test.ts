import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { COMMANDS } from '../src/command-table.ts';
import { EXIT } from '../src/index.ts';
import { FINDING_LEVELS } from '../src/lint/finding.ts';

const reference = readFileSync(new URL('../../../docs/reference/cli.md', import.meta.url), 'utf8');

describe('what scripts rely on', () => {
  it('exit codes stay what they are', () => {
    expect(EXIT).toEqual({ fine: 0, findings: 1, usage: 2, internal: 3 });
  });

  it('finding ids and their levels stay what they are', () => {
    expect(FINDING_LEVELS).toEqual({
      'no-servers': 'warning',
      'server-permits-nothing': 'warning',
      'envelope-missing': 'warning',
      'ring-below-effect': 'warning',
      'identity-missing': 'note',
      'not-enforced': 'note',
      'arguments-any': 'note',
      'approvers-missing': 'note',
    });
  });

  it('the reference names every command, option and finding', () => {
    for (const command of COMMANDS) {
      expect(reference).toContain(`callgate ${command.name}`);
      for (const option of Object.keys(command.options)) expect(reference).toContain(`--${option}`);
    }
    for (const [id, level] of Object.entries(FINDING_LEVELS)) expect(reference).toContain(`| \`${id}\` | ${level} |`);
  });
});
