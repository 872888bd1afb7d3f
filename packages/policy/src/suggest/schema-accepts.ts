import type { JsonValue } from '@callgate/canonical';

import type { ArgumentSchema } from '../document/types.ts';
import { accepts } from '../envelope/value-check.ts';
import { compileEnvelope } from '../envelope/compile-value.ts';
import type { ArgumentKind } from '../kinds/kind.ts';
import { contextOf } from '../load/document-source.ts';
import { IssueList } from '../load/issues.ts';
import { SourceMap } from '../load/source-map.ts';

/** Whether a schema loads and every value passes it. */
export function schemaAccepts(
  schema: ArgumentSchema,
  values: readonly JsonValue[],
  kinds: readonly ArgumentKind[],
): boolean {
  const sourceMap = new SourceMap(null);
  const issues = new IssueList(sourceMap);
  const envelope = compileEnvelope({ value: schema }, '', contextOf(issues, sourceMap, { kinds }));
  const check = envelope?.byName.get('value')?.value;
  return issues.sorted().length === 0 && check !== undefined && values.every((value) => accepts(check, value));
}
