import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import { describe, expect, test } from 'vitest';

import { createInspector, createInspectorWith } from '../src/index.ts';
import { SECRETS_DETECTOR } from '../src/secrets/secrets-detector.ts';

const corpora = process.env['CALLGATE_CORPORA'];
const isAvailable = corpora !== undefined && existsSync(`${corpora}/gitleaks/secrets.jsonl.gz`);

const secrets = createInspectorWith({}, [SECRETS_DETECTOR]);
const withoutPasswords = createInspectorWith({ categories: { password: 'off' } }, [SECRETS_DETECTOR]);
const people = createInspector({ treatments: { secrets: 'off', pii: 'redact' } });

function rowsOf(name: string): readonly JsonObject[] {
  return gunzipSync(readFileSync(`${corpora ?? ''}/${name}.jsonl.gz`))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JsonObject);
}

function textOf(row: JsonObject, name: string): string {
  const text = own(row, name);
  return typeof text === 'string' ? text : '';
}

/** What a client would receive: text that is JSON as such, and each step or message on its own. */
function valuesOf(row: JsonObject): readonly JsonValue[] {
  const several = own(row, 'steps') ?? own(row, 'messages');
  if (Array.isArray(several)) return several as readonly JsonValue[];
  const text = own(row, 'text');
  if (typeof text !== 'string') return [row];
  try {
    return [JSON.parse(text) as JsonValue];
  } catch {
    return [text];
  }
}

const rulesIn = (value: JsonValue, inspector = secrets): readonly string[] =>
  inspector.inspect(value, { surface: 'result' }).findings.map(({ rule }) => rule);

describe.skipIf(!isAvailable)('secrets of other projects (skipped, set CALLGATE_CORPORA to run)', () => {
  test('recall, averaged over rules of gitleaks, is at least 95 %', () => {
    const byRule = new Map<string, boolean[]>();
    for (const row of rowsOf('gitleaks/secrets')) {
      if (own(row, 'label') !== 'secret') continue;
      const rule = textOf(row, 'rule');
      byRule.set(rule, [...(byRule.get(rule) ?? []), rulesIn(textOf(row, 'text')).length > 0]);
    }
    const recalls = [...byRule.values()].map((found) => found.filter(Boolean).length / found.length);
    expect(recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length).toBeGreaterThanOrEqual(0.95);
  });

  test.each([
    'docs_benign/plain',
    'mcp_atlas/environment_data',
    'mcp_captures/wire_traces',
    'mcp_captures/tools_reference',
    'taubench/trajectories',
    'bfcl/calls',
    'injecagent/benign_tool_outputs',
  ])('of %s at most 0.5 %% is taken for a secret, the class of passwords aside', (name) => {
    const values = rowsOf(name).flatMap(valuesOf);
    const wrong = values.filter((value) => rulesIn(value, withoutPasswords).length > 0);
    expect(wrong.length / values.length).toBeLessThanOrEqual(0.005);
  });

  test.each(['docs_benign/plain', 'mcp_atlas/environment_data', 'mcp_captures/wire_traces', 'taubench/trajectories'])(
    'of %s at most 0.5 %% is taken for a secret, passwords included',
    (name) => {
      const values = rowsOf(name).flatMap(valuesOf);
      const wrong = values.filter((value) => rulesIn(value).length > 0);
      expect(wrong.length / values.length).toBeLessThanOrEqual(0.005);
    },
  );

  test.each(['docs_benign/plain', 'mcp_captures/tools_reference', 'bfcl/calls', 'taubench/trajectories'])(
    'of %s at most 1 %% is taken for a card, an account or the number of a person',
    (name) => {
      const values = rowsOf(name).flatMap(valuesOf);
      const wrong = values.filter((value) =>
        rulesIn(value, people).some((rule) => /card|iban|national-id/u.test(rule)),
      );
      expect(wrong.length / values.length).toBeLessThanOrEqual(0.01);
    },
  );

  test('every row is one object', () => {
    expect(rowsOf('gitleaks/secrets').every(isJsonObject)).toBe(true);
  });
});
