import { PolicyEngine } from '@microsoft/agent-governance-sdk';

import { MAX_LIMIT, REGIONS, toolName } from '../policy.ts';
import type { Engine } from './engine.ts';

/** `@microsoft/agent-governance-sdk`: a YAML document with one rule and condition a tool, deny by default. */
export function createGovernanceSdkEngine(toolCount: number): Engine {
  const engine = new PolicyEngine();
  engine.loadYaml(document(toolCount));
  return {
    name: '@microsoft/agent-governance-sdk',
    prepare: ({ tool, arguments: parameters }) => {
      const context = { tool, arguments: parameters };
      return () => engine.evaluatePolicy('agent:bench', context).allowed;
    },
  };
}

function document(toolCount: number): string {
  const regions = REGIONS.map((region) => `'${region}'`).join(', ');
  const rules = Array.from({ length: toolCount }, (_, index) => {
    const condition =
      `tool == '${toolName(index)}' and arguments.region in [${regions}] and ` +
      `arguments.limit >= 1 and arguments.limit <= ${MAX_LIMIT}`;
    return `  - name: allow-${toolName(index)}\n    condition: "${condition}"\n    ruleAction: allow`;
  });
  return ['name: bench', 'agents: ["*"]', 'default_action: deny', 'rules:', ...rules].join('\n');
}
