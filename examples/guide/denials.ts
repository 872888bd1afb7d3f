import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { readDenial } from 'callgate';

/** What a host does after a call. */
export type Outcome =
  | { readonly kind: 'answer'; readonly result: unknown }
  | { readonly kind: 'ask-a-person'; readonly approvers: readonly string[]; readonly request: string }
  | { readonly kind: 'tell-the-model'; readonly result: unknown }
  | { readonly kind: 'give-up'; readonly reason: string };

// #region read
/** Calls a tool and sorts what came of it. */
export async function callTool(client: Client, name: string, callArguments: Record<string, unknown>): Promise<Outcome> {
  const result = await client.callTool({ name, arguments: callArguments });
  const denial = readDenial(result);
  if (denial === undefined) return { kind: 'answer', result };
  switch (denial.next) {
    case 'request_approval':
      return { kind: 'ask-a-person', approvers: denial.approvers ?? [], request: denial.request };
    case 'fix_arguments':
    case 'use_other_tool':
    case 'wait':
      return { kind: 'tell-the-model', result };
    default:
      return { kind: 'give-up', reason: denial.message };
  }
}
// #endregion
