import type { Principal } from '@callgate/policy';

import { keyText } from './key-text.ts';

/** Who acts. */
type Acting = { readonly [Member in Exclude<keyof Principal, 'roles'>]?: string | undefined };

/** A key of texts and who acts: absent members are not the same as empty ones. Roles say what somebody may, not who it is. */
export function principalKey(before: readonly string[], { user, agent, workload, team, tenant }: Acting): string {
  return keyText([
    ...before,
    ...[user, agent, workload, team, tenant].map((text) => (text === undefined ? '-' : `=${text}`)),
  ]);
}
