import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { ValueFinding } from '../inspect/rules.ts';
import { SchemaCheck } from './schema-check.ts';
import { SchemaMeter, SchemaTooHard } from './schema-meter.ts';
import { structuredContent } from './tool-result.ts';

/**
 * Reports where structured content breaks the tool's own output schema, and where it is missing (MCP, tools, "Output Schema": servers
 * must provide it). An error of the tool has none.
 */
export function checkOutput(result: JsonValue, schema: JsonObject, report: (finding: ValueFinding) => void): void {
  if (isJsonObject(result) && own(result, 'isError') === true) return;
  const structured = structuredContent(result);
  if (structured === undefined) {
    report({ ...BROKEN, pointer: '', reason: 'the tool promises structured content and sent none' });
    return;
  }
  const check = new SchemaCheck(schema, new SchemaMeter());
  try {
    check.run(structured);
  } catch (error) {
    if (!(error instanceof SchemaTooHard)) throw error;
    report({ ...TOO_HARD, pointer: '/structuredContent' });
    return;
  }
  for (const { pointer, keyword } of check.violations) {
    const reason = `it breaks \`${keyword}\` of the tool’s output schema`;
    report({ ...BROKEN, pointer: `/structuredContent${pointer}`, reason });
  }
  for (const keyword of check.unread) {
    const reason = `\`${keyword}\` of the tool’s output schema is not judged`;
    report({ rule: 'shape.schema-unread', severity: 'low', pointer: '/structuredContent', reason, treatment: 'flag' });
  }
}

const BROKEN = { rule: 'shape.schema', severity: 'high', treatment: 'reject' } as const;

const TOO_HARD = {
  rule: 'shape.schema-budget',
  severity: 'high',
  reason: 'the tool’s output schema takes more work than is granted',
  treatment: 'quarantine',
} as const;
