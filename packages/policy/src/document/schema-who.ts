import type * as z from 'zod';

import { closed, texts } from './schema-parts.ts';
import type { WhoDocument } from './types.ts';

/** Who acts. */
export const whoSchema: z.ZodType<WhoDocument> = closed(
  {
    users: texts('user name').describe('Users, with * for any run of characters').exactOptional(),
    agents: texts('agent name').describe('Agents, with * for any run of characters').exactOptional(),
    tenants: texts('tenant name').describe('Tenants, with * for any run of characters').exactOptional(),
    workloads: texts('workload name').describe('Workloads, with * for any run of characters').exactOptional(),
    teams: texts('team name').describe('Teams, with * for any run of characters').exactOptional(),
    roles: texts('role name').describe('Roles; the principal needs one of them').exactOptional(),
  },
  'an object with `users`, `agents`, `tenants`, `workloads`, `teams` or `roles`',
)
  .refine((who) => Object.keys(who).length > 0, {
    error: 'at least one of `users`, `agents`, `tenants`, `workloads`, `teams`, `roles`',
  })
  .meta({ id: 'who' });
