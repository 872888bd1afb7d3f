import { isJsonObject, own, type JsonValue } from '@callgate/canonical';

import type { Link } from './link.ts';

/** A `roots/list` result with only the roots that policy permits this server to see. */
export function permittedRoots(link: Link, result: JsonValue): JsonValue {
  const roots = isJsonObject(result) ? own(result, 'roots') : undefined;
  if (!isJsonObject(result) || !Array.isArray(roots)) return result;
  const kept = roots.filter((root: JsonValue) => {
    const uri = isJsonObject(root) ? own(root, 'uri') : undefined;
    return typeof uri === 'string' && (link.server?.permitsRoot(uri) ?? false);
  });
  return kept.length === roots.length ? result : { ...result, roots: kept };
}
