import { isJsonObject, parsePointer, resolvePointer, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { Entry } from '../compile/entry.ts';
import type { PolicyRuntime } from '../compile/server-runtime.ts';
import type { OwnedLayer } from '../document/types.ts';

/** An entry as the policy's author wrote it; `{}` where that is no object. */
export function documentOf(policy: PolicyRuntime, entry: Entry): JsonObject {
  const rule = entry.references[0]?.rule ?? '';
  const document = resolvePointer(policy.document as unknown as JsonValue, parsePointer(rule));
  return isJsonObject(document) ? document : {};
}

/** Who answers for a layer of the policy, or for all of it. */
export function ownerOf(policy: PolicyRuntime, layer: OwnedLayer): string | undefined {
  return policy.document.owners?.[layer] ?? policy.document.owners?.policy;
}
