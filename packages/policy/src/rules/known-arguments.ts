import type { JsonValue } from '@callgate/canonical';

import type { PolicyDocument, ToolDocument } from '../document/types.ts';
import { nameOfBoth } from '../match/name-witness.ts';
import type { RuleTarget } from './rule.ts';

/**
 * The arguments of the calls that a rule fits, as far as the policy declares them: one schema for each tool, undefined for tools
 * whose arguments it leaves open, and for a rule that is about more than tools.
 *
 * @param tools the names and patterns of tools that the rule is about
 */
export function knownArguments(
  document: PolicyDocument,
  fits: (target: RuleTarget) => boolean,
  tools: readonly string[],
): readonly (JsonValue | undefined)[] {
  const schemas: (JsonValue | undefined)[] = [];
  const unsaid = { ring: undefined, effect: undefined, labels: undefined, direction: 'client-to-server' } as const;
  for (const [server, { tools: entries = {} }] of Object.entries(document.servers)) {
    if (fits({ ...unsaid, server, method: 'prompts/get', tool: undefined })) schemas.push(undefined);
    for (const [name, tool] of Object.entries(entries)) {
      const isPattern = name.includes('*');
      const isReached = tools.some((pattern) => {
        const witness = nameOfBoth(name, pattern);
        return witness !== undefined && fits({ ...unsaid, server, method: 'tools/call', tool: witness });
      });
      if (isReached) schemas.push(schemaOf(tool, isPattern));
    }
  }
  return schemas;
}

function schemaOf(tool: ToolDocument, isPattern: boolean): JsonValue | undefined {
  if (isPattern || typeof tool.arguments !== 'object') return undefined;
  return { properties: tool.arguments } as unknown as JsonValue;
}
