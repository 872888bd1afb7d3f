import { own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { Call } from '../call.ts';
import type { ServerKey } from '../compile/server-runtime.ts';
import type { RuleReference } from '../decision.ts';
import type { ServerDocument } from '../document/types.ts';
import type { Doubt } from './entry-strictness.ts';
import type { ItemDraft } from './make-item.ts';
import type { DiffSubject } from './policy-diff.ts';
import type { ServerSide } from './sides.ts';

/** A server before and after. */
export type Sides = readonly [ServerSide, ServerSide];

/** Identified and a member of nothing in particular: enough for what no `who` guards. */
const SOMEBODY: Call['principal'] = Object.freeze({ user: 'somebody' });

/** A draft about one setting of a server. */
export function draftOf(
  subject: DiffSubject,
  [before, after]: Sides,
  key: keyof ServerDocument | '',
  rest: Pick<ItemDraft, 'widening' | 'narrowing' | 'changes'> & {
    readonly calls?: readonly Call[];
    readonly name?: string;
  },
): ItemDraft {
  const has = ({ document, isRegistered }: ServerSide): boolean =>
    key === '' ? isRegistered : isRegistered && document[key] !== undefined;
  const references = (side: ServerSide): readonly RuleReference[] =>
    has(side) ? [side.parts.reference(key as ServerKey | '')] : [];
  return {
    subject,
    server: before.parts.name,
    name: rest.name ?? null,
    status: !has(before) && has(after) ? 'added' : has(before) && !has(after) ? 'removed' : 'modified',
    widening: rest.widening,
    narrowing: rest.narrowing,
    changes: rest.changes,
    calls: () => rest.calls ?? [],
    before: references(before),
    after: references(after),
  };
}

/** A message to the server, by somebody in no role. */
export function clientCall({ parts }: ServerSide, method: string, params: JsonObject): Call {
  return { server: parts.name, direction: 'client-to-server', method, params, principal: SOMEBODY };
}

/** A message from the server. */
export function serverCall({ parts }: ServerSide, method: string, params: JsonObject): Call {
  return { server: parts.name, direction: 'server-to-client', method, params, principal: SOMEBODY };
}

/** Doubts from which side is proved to be as strict. Where a setting only observes, it stops nothing that could pass now. */
export function doubtsFrom(
  [before, after]: Sides,
  isInside: boolean,
  isAround: boolean,
  why: string,
): { readonly widening: Doubt; readonly narrowing: Doubt } {
  return {
    widening: isInside || before.parts.stage !== 'enforce' ? undefined : why,
    narrowing: isAround || after.parts.stage !== 'enforce' ? undefined : why,
  };
}

/** What a registered server’s document says under a key. */
export function written({ document, isRegistered }: ServerSide, key: keyof ServerDocument): JsonValue | undefined {
  return isRegistered ? own(document as JsonObject, key) : undefined;
}
