import type { JsonObject, JsonValue } from '@callgate/canonical';

import {
  compilePolicy,
  decide,
  type Call,
  type CompiledPolicy,
  type Decision,
  type Principal,
  type ServerDocument,
  type ToolDocument,
  type ValueSchema,
} from '../../src/index.ts';

/** A principal that ring 2 accepts. */
export const SOMEBODY: Principal = { user: 'u-17', agent: 'agent:triage', tenant: 'acme', roles: ['support'] };

export function policyOf(server: ServerDocument): CompiledPolicy {
  return compilePolicy({ callgate: 1, name: 'test', version: '1', servers: { inventory: server } });
}

export function toolPolicy(tool: ToolDocument, name = 'lookup'): CompiledPolicy {
  return policyOf({ tools: { [name]: tool } });
}

/** A policy with one tool that takes one argument, `value`. */
export function valuePolicy(schema: ValueSchema): CompiledPolicy {
  return toolPolicy({ ring: 1, arguments: { value: schema } });
}

export function toolCall(args?: JsonValue, more: Partial<Call> & { readonly tool?: string } = {}): Call {
  const { tool = 'lookup', ...rest } = more;
  return {
    server: 'inventory',
    direction: 'client-to-server',
    method: 'tools/call',
    params: args === undefined ? { name: tool } : { name: tool, arguments: args },
    principal: SOMEBODY,
    ...rest,
  };
}

export function request(method: string, params: JsonObject = {}, more: Partial<Call> = {}): Call {
  return { server: 'inventory', direction: 'client-to-server', method, params, principal: SOMEBODY, ...more };
}

export function serverRequest(method: string, params: JsonObject = {}, more: Partial<Call> = {}): Call {
  return request(method, params, { direction: 'server-to-client', ...more });
}

/** Decides on a call of the only tool with `value` as its only argument. */
export function decideValue(schema: ValueSchema, value: JsonValue): Decision {
  return decide(valuePolicy(schema), toolCall({ value }));
}

export function codesOf(decision: Decision): readonly string[] {
  return decision.violations.map((violation) => violation.code);
}
