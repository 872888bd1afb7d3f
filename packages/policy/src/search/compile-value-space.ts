import { TextSearcher } from '../compare/text-search.ts';
import type { ArgumentSchema } from '../document/types.ts';
import { compileEnvelope } from '../envelope/compile-value.ts';
import { contextOf, type PolicySource } from '../load/document-source.ts';
import { IssueList } from '../load/issues.ts';
import { SourceMap } from '../load/source-map.ts';
import { valueSpaceOf, type ValueSpace } from './value-space.ts';

/** The values that a schema of the policy language lets pass; undefined where it does not compile. */
export function compileValueSpace(
  schema: ArgumentSchema,
  source: Pick<PolicySource, 'kinds'> = {},
): ValueSpace | undefined {
  const sourceMap = new SourceMap(null);
  const issues = new IssueList(sourceMap);
  const envelope = compileEnvelope({ value: schema }, '', contextOf(issues, sourceMap, source));
  const check = envelope?.byName.get('value')?.value;
  if (check === undefined || issues.sorted().length > 0) return undefined;
  return valueSpaceOf(check, new TextSearcher());
}
