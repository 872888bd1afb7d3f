import type { ArgumentKind } from '@callgate/policy';

/** The kinds that come with callgate, by name. */
export const standardKinds: readonly ArgumentKind[] = Object.freeze([]);
