import type { JsonValue } from '@callgate/canonical';

import type { PolicyDocument, ToolDocument } from '../document/types.ts';
import type { RuleTarget } from './rule.ts';

/**
 * The arguments of the calls that a rule fits, as far as the policy declares them: one schema for each tool, undefined for tools
 * whose arguments it leaves open, and for a rule that is about more than tools.
 */
export function knownArguments(
  document: PolicyDocument,
  fits: (target: RuleTarget) => boolean,
): readonly (JsonValue | undefined)[] {
  const schemas: (JsonValue | undefined)[] = [];
  const unsaid = { ring: undefined, effect: undefined, labels: undefined, direction: 'client-to-server' } as const;
  for (const [server, { tools = {} }] of Object.entries(document.servers)) {
    if (fits({ ...unsaid, server, method: 'prompts/get', tool: undefined })) schemas.push(undefined);
    for (const [name, tool] of Object.entries(tools)) {
      // whether a rule fits what a pattern stands for is seen only with the name
      const isPattern = name.includes('*');
      if (isPattern || fits({ ...unsaid, server, method: 'tools/call', tool: name }))
        schemas.push(schemaOf(tool, isPattern));
    }
  }
  return schemas;
}

function schemaOf(tool: ToolDocument, isPattern: boolean): JsonValue | undefined {
  if (isPattern || typeof tool.arguments !== 'object') return undefined;
  return { properties: tool.arguments } as unknown as JsonValue;
}
