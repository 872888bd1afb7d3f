import type { JsonValue } from '@callgate/canonical';

import type { Call, ServerIdentity } from '../call.ts';
import { freshText } from '../compare/name-patterns.ts';
import { byContainment } from './entry-changes.ts';
import { isSameValue } from './same-value.ts';
import type { ItemDraft } from './make-item.ts';
import { effective } from './rule-sensitivity.ts';
import { settingChange } from './setting-changes.ts';
import { clientCall, draftOf, type Sides } from './setting-draft.ts';
import { identitiesOf, type Comparison, type ServerSide } from './sides.ts';

/** Whether it is registered at all, and what happens to what no entry is about. */
export function draftServer(sides: Sides): ItemDraft {
  const [before, after] = sides;
  const isDefaultDenied = ({ parts }: ServerSide): boolean => parts.stage === 'enforce';
  const isProtocolDenied = (side: ServerSide): boolean => !side.isRegistered && isDefaultDenied(side);
  // rules are about registered servers only
  const isRuled = ({ isRegistered, policy }: ServerSide): boolean => isRegistered && effective(policy).length > 0;
  const isStrict = (one: ServerSide, other: ServerSide): boolean =>
    (isDefaultDenied(one) || !isDefaultDenied(other)) &&
    (isProtocolDenied(one) || !isProtocolDenied(other)) &&
    (one.isRegistered || isDefaultDenied(one) || !isRuled(other));
  const why = 'what no entry is about is judged otherwise';
  const fresh = freshText([...Object.keys(before.document.tools ?? {}), ...Object.keys(after.document.tools ?? {})]);
  return draftOf('server', sides, '', {
    widening: isStrict(after, before) ? undefined : why,
    narrowing: isStrict(before, after) ? undefined : why,
    changes: settingChange('stage', 'changed', before.parts.stage, after.parts.stage, false),
    calls: [
      clientCall(before, 'tools/list', {}),
      clientCall(before, 'tools/call', { name: `${fresh}${fresh}${fresh}`, arguments: {} }),
      clientCall(before, `${fresh}/${fresh}`, {}),
      ...sides.flatMap(({ document }) =>
        Object.keys(document.tools ?? {}).map((name) =>
          clientCall(before, 'tools/call', { name: name.replaceAll('*', fresh), arguments: {} }),
        ),
      ),
    ],
  });
}

/** Who may answer as the server. */
export function draftIdentity(sides: Sides): ItemDraft {
  const [before, after] = sides;
  const [one, other] = [before.document.identity, after.document.identity] as readonly (JsonValue | undefined)[];
  const isSame = isSameValue(one, other);
  const direction = byContainment(one === undefined || isSame, other === undefined || isSame);
  const why = 'another program or address may answer';
  // a tool that is enforced is so with all that its server must be, although the server be only observed
  const callsOf = (identity: ServerIdentity): readonly Call[] => [
    Object.assign(clientCall(before, 'tools/list', {}), { identity }),
    ...enforcedTools(sides).map((name) =>
      Object.assign(clientCall(before, 'tools/call', { name, arguments: {} }), { identity }),
    ),
  ];
  return draftOf('identity', sides, 'identity', {
    widening: one === undefined || isSame || !isEnforcing(before) ? undefined : why,
    narrowing: other === undefined || isSame || !isEnforcing(after) ? undefined : why,
    changes: settingChange('identity', direction, one, other, false),
    calls: [
      { command: 'another', args: [] },
      ...identitiesOf(before, after).filter((identity) => identity !== undefined),
    ].flatMap(callsOf),
  });
}

const MAX_TOOLS = 16;

/** Names of tools that are enforced in one policy, as calls have them. */
function enforcedTools(sides: Sides): readonly string[] {
  const names = sides.flatMap(({ document, parts }) =>
    Object.keys(document.tools ?? {})
      .map((name) => name.replaceAll('*', 'x'))
      .filter((name) => parts.tools.find(name).some((entry) => entry.stage === 'enforce')),
  );
  return [...new Set(names)].slice(0, MAX_TOOLS);
}

function isEnforcing({ parts, document }: ServerSide): boolean {
  const tools = Object.keys(document.tools ?? {});
  return (
    parts.stage === 'enforce' || tools.some((name) => parts.tools.find(name).some((entry) => entry.stage === 'enforce'))
  );
}

/** Results of external servers count as untrusted. Conditions of rules may read it. */
export function draftTrust({ before: old, after: now }: Comparison, sides: Sides): ItemDraft {
  const [before, after] = sides;
  const isRead =
    [...effective(old), ...effective(now)].some((rule) => rule.condition !== undefined) || hasConditions(sides);
  const isChanged = before.parts.trust !== after.parts.trust && before.isRegistered && after.isRegistered;
  const doubt = isChanged && isRead ? 'conditions may read whether the server is trusted' : undefined;
  const direction = after.parts.trust === 'internal' ? 'widened' : 'narrowed';
  return draftOf('trust', sides, 'trust', {
    widening: doubt,
    narrowing: doubt,
    changes: isChanged ? settingChange('trust', direction, before.parts.trust, after.parts.trust, true) : [],
  });
}

function hasConditions(sides: Sides): boolean {
  return sides.some(({ parts, document }) =>
    Object.keys(document.tools ?? {}).some((name) => parts.tools.find(name).some((entry) => entry.ownRules.length > 0)),
  );
}
