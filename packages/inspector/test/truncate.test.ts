import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { createInspector, createShapeCheck, createSizeCheck, estimateTokens, type Inspection } from '../src/index.ts';

const inspect = (value: JsonValue, maxTokens: number, outputSchema?: JsonObject): Inspection =>
  createInspector({
    checks: [createSizeCheck({ maxTokens, over: 'truncate' }), createShapeCheck({ matchesManifest: true })],
  }).inspect(value, { surface: 'result', tool: outputSchema === undefined ? {} : { outputSchema } });

const line = 'The quick brown fox jumps over the lazy dog.\n';
const prose = line.repeat(200);
const result = (text: string, more: JsonObject = {}): JsonObject => ({ content: [{ type: 'text', text }], ...more });
const textIn = (value: JsonValue | undefined): string => {
  const content = value !== undefined && isJsonObject(value) ? own(value, 'content') : undefined;
  const [block] = Array.isArray(content) ? (content as readonly JsonValue[]) : [];
  const text = block !== undefined && isJsonObject(block) ? own(block, 'text') : undefined;
  return typeof text === 'string' ? text : '';
};

describe('a result that is too large', () => {
  test('ends behind a line, and says that it goes on', () => {
    const { verdict, value, findings, redactions } = inspect(result(prose), 500);
    expect({ verdict, redactions }).toEqual({ verdict: 'redact', redactions: 1 });
    expect(findings).toMatchObject([{ rule: 'size.tokens', kind: 'size', pointer: '' }]);
    const text = textIn(value);
    const [, kept, shown] =
      /^((?:The quick brown fox jumps over the lazy dog\.\n)+)\[cut here by policy: (\d+) of 9000 characters shown\]$/u.exec(
        text,
      ) ?? [];
    expect(kept?.trimEnd()).toHaveLength(Number(shown));
    expect(estimateTokens(text)).toBeGreaterThan(300);
  });

  test('is cut alike in both copies', () => {
    const { value } = inspect(result(prose, { structuredContent: { report: prose, pages: 3 } }), 800);
    const structured = isJsonObject(value ?? null) ? own(value as JsonObject, 'structuredContent') : undefined;
    expect(structured).toEqual({ report: textIn(value), pages: 3 });
    expect(textIn(value)).toContain('[cut here by policy: ');
  });

  test('loses of its longest texts only, and no address', () => {
    const uri = `https://docs.example/${'a'.repeat(1_000)}`;
    const blocks = [
      { type: 'text', text: 'A short note.' },
      { type: 'text', text: prose },
      { type: 'resource_link', uri },
    ];
    const { value } = inspect({ content: blocks }, 900);
    expect(value).toMatchObject({ content: [blocks[0], { text: expect.stringContaining('[cut here') }, blocks[2]] });
  });

  test('ends behind a sentence or a word where it has no lines, and leaves nothing of what has neither', () => {
    expect(textIn(inspect(result('One two three. '.repeat(400)), 300).value)).toMatch(/three\.\n\[cut here/u);
    expect(textIn(inspect(result('word '.repeat(1_000)), 300).value)).toMatch(/word\n\[cut here/u);
    expect(textIn(inspect(result('狐狸跳过了懒狗。'.repeat(300)), 300).value)).toMatch(/懒狗。\n\[cut here/u);
    expect(textIn(inspect(result('A1b2'.repeat(2_000)), 300).value)).toMatch(/^\[cut here by policy: 0 of 8000/u);
  });

  test('is searched before it is cut: nothing that the cut goes through is left of a secret', () => {
    const body = Array.from({ length: 6 }, (_, at) => `${'kQ7hunter2'.repeat(6)}${at}A+/`).join('\n');
    const secret = `-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----`;
    for (let words = 0; words < 80; words += 1) {
      const { value } = inspect(result(`${'word '.repeat(words)}${secret} ${'word '.repeat(2_000)}`), 100);
      expect(JSON.stringify(value)).not.toContain('hunter2');
    }
  });

  test('is withheld where cutting texts is not enough', () => {
    const rows = Array.from({ length: 200 }, (_, index) => ({ name: `row ${index}` }));
    expect(inspect({ content: [], structuredContent: { rows } }, 100)).toMatchObject({
      verdict: 'quarantine',
      value: undefined,
      determining: ['size.tokens'],
    });
    expect(inspect(result(prose), 40).verdict).toBe('quarantine');
  });

  test('is rejected where what is left of it breaks the schema of its tool', () => {
    const schema = { type: 'object', properties: { report: { type: 'string', pattern: 'lazy dog\\.\\n$' } } };
    const large = { content: [], structuredContent: { report: prose } };
    expect(inspect(large, 5_000, schema).verdict).toBe('pass');
    expect(inspect(large, 500, schema)).toMatchObject({ verdict: 'reject', determining: ['shape.schema'] });
  });

  test('is cut once: what is left passes, whatever it was', () => {
    const texts = fc.array(fc.constantFrom(line, 'word ', 'A1b2', '狐狸。', '\u{1f98a} ', '\n'), { maxLength: 200 });
    fc.assert(
      fc.property(texts, texts, fc.integer({ min: 120, max: 600 }), (one, other, maxTokens) => {
        const text = one.join('');
        const once = inspect(result(text, { structuredContent: { text, other: other.join('') } }), maxTokens);
        if (once.value === undefined) return;
        expect(inspect(once.value, maxTokens)).toMatchObject({ verdict: 'pass', value: once.value });
      }),
      { numRuns: Number(process.env['CALLGATE_CASES'] ?? 100) },
    );
  });
});
