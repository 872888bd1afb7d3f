import { decide, type Call } from 'callgate';

import { SERVER, benchPolicy } from '../policy.ts';
import type { Engine } from './engine.ts';

const PRINCIPAL = Object.freeze({
  user: 'u-17',
  agent: 'agent:bench',
  tenant: 'acme',
  roles: Object.freeze(['support']),
});

/** Ours. */
export function createCallgateEngine(toolCount: number): Engine {
  const policy = benchPolicy(toolCount);
  return {
    name: 'callgate',
    prepare: ({ tool, arguments: parameters }) => {
      const params = Object.freeze({ name: tool, arguments: Object.freeze({ ...parameters }) });
      const call: Call = {
        server: SERVER,
        direction: 'client-to-server',
        method: 'tools/call',
        params,
        principal: PRINCIPAL,
        run: 'bench',
      };
      return () => decide(policy, call).effect === 'allow';
    },
  };
}
