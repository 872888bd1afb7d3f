import {
  preparsePolicySet,
  statefulIsAuthorized,
  type StatefulAuthorizationCall,
} from '@cedar-policy/cedar-wasm/nodejs';

import { MAX_LIMIT, REGIONS, toolName } from '../policy.ts';
import type { Engine } from './engine.ts';

/** `@cedar-policy/cedar-wasm`: one permit a tool, parsed once. */
export function createCedarEngine(toolCount: number): Engine {
  const preparsedPolicySetId = `bench-${toolCount}`;
  const parsed = preparsePolicySet(preparsedPolicySetId, { staticPolicies: policies(toolCount) });
  if (parsed.type !== 'success') throw new TypeError(`expected Cedar to parse: ${JSON.stringify(parsed.errors)}`);
  return {
    name: '@cedar-policy/cedar-wasm',
    prepare: ({ tool, arguments: parameters }) => {
      const call: StatefulAuthorizationCall = {
        principal: { type: 'Agent', id: 'bench' },
        action: { type: 'Action', id: tool },
        resource: { type: 'Server', id: 'bench' },
        context: { ...parameters },
        preparsedPolicySetId,
        entities: [],
      };
      return () => {
        const answer = statefulIsAuthorized(call);
        return answer.type === 'success' && answer.response.decision === 'allow';
      };
    },
  };
}

function policies(toolCount: number): string {
  const regions = JSON.stringify(REGIONS);
  return Array.from(
    { length: toolCount },
    (_, index) =>
      `permit(principal, action == Action::"${toolName(index)}", resource) when { ` +
      `context has region && context has limit && ${regions}.contains(context.region) && ` +
      `context.limit >= 1 && context.limit <= ${MAX_LIMIT} };`,
  ).join('\n');
}
