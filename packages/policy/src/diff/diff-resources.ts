import { freshText } from '../compare/name-patterns.ts';
import { proveUrisWithin, urisOf } from '../compare/uri-patterns.ts';
import { differingKey, type Doubt } from './entry-strictness.ts';
import { isSameValue } from './same-value.ts';
import type { ItemDraft } from './make-item.ts';
import { doubtRuled } from './rule-sensitivity.ts';
import { settingChange, urisChange } from './setting-changes.ts';
import { clientCall, doubtsFrom, draftOf, serverCall, written, type Sides } from './setting-draft.ts';
import { entrySideOf, type Comparison, type ServerSide } from './sides.ts';

/** What the server may see of the host’s files. */
export function draftRoots(sides: Sides): ItemDraft {
  const [before, after] = sides;
  const [one, other] = [before.parts.roots, after.parts.roots];
  return draftOf('roots', sides, 'roots', {
    ...doubtsFrom(
      sides,
      other === undefined || one !== undefined,
      one === undefined || other !== undefined,
      'roots are open',
    ),
    changes: urisChange('roots', one, other),
    calls: [serverCall(before, 'roots/list', {}), clientCall(before, 'notifications/roots/list_changed', {})],
  });
}

/** Which resources may be read and subscribed to. */
export function draftResources(comparison: Comparison, sides: Sides): ItemDraft {
  const [before, after] = sides;
  const [one, other] = [before.parts.resources, after.parts.resources];
  // where only the stage differs, the server's own item says so
  const isSameText = isSameValue(written(before, 'resources'), written(after, 'resources'));
  const doubt = (stricter: ServerSide, than: ServerSide): Doubt => {
    if (isSameText) return undefined;
    if (than.parts.stage !== 'enforce') return undefined;
    if (stricter.parts.stage !== 'enforce') return 'its stage blocks nothing';
    return doubtResources(stricter, than);
  };
  const isClosed = ({ parts }: ServerSide): boolean => parts.resources === undefined && parts.stage === 'enforce';
  const ruled = doubtRuled(
    { direction: 'client-to-server', method: 'resources/read', tool: undefined, isPattern: true },
    comparison,
    sides,
    [one, other].map((part, index) =>
      part === undefined ? [] : [entrySideOf((sides[index] as ServerSide).policy, part.entry)],
    ) as never,
  );
  const patterns = [...(other?.uris.patterns ?? []), ...(one?.uris.patterns ?? [])];
  const fresh = freshText(patterns);
  const uris = patterns.flatMap((pattern) => urisOf(pattern, fresh));
  const anonymous = uris.map((uri) => ({ ...clientCall(before, 'resources/read', { uri }), principal: {} }));
  return draftOf('resources', sides, 'resources', {
    widening: isClosed(after) ? undefined : (doubt(after, before) ?? ruled.widening),
    narrowing: isClosed(before) ? undefined : (doubt(before, after) ?? ruled.narrowing),
    changes: settingChange('resources', 'changed', written(before, 'resources'), written(after, 'resources'), false),
    calls: [
      ...uris.map((uri) => clientCall(before, 'resources/read', { uri })),
      ...uris.map((uri) => clientCall(before, 'resources/subscribe', { uri })),
      ...anonymous,
      clientCall(before, 'resources/list', {}),
    ],
  });
}

const RESOURCE_KEYS: ReadonlySet<string> = new Set(['allow', 'ring', 'subscribe']);

/** Where both enforce. */
function doubtResources(
  { parts: stricter, document }: ServerSide,
  { parts: than, document: other }: ServerSide,
): Doubt {
  const [inner, outer] = [stricter.resources, than.resources];
  if (inner === undefined) return undefined;
  if (outer === undefined) return 'no resource is listed otherwise';
  const key = differingKey(document.resources ?? {}, other.resources ?? {}, RESOURCE_KEYS);
  if (key !== undefined) return `\`${key}\` cannot be compared`;
  if (!proveUrisWithin(inner.uris.patterns, outer.uris.patterns)) {
    return 'the resources were neither proved to be among the others nor found beside them';
  }
  if (inner.subscribe && !outer.subscribe) return 'resources may be subscribed to';
  return inner.entry.ring >= outer.entry.ring ? undefined : 'resources are of a lower ring';
}

/** Whether prompts may be listed at all. */
export function draftPrompts(sides: Sides): ItemDraft {
  const [before, after] = sides;
  const [one, other] = [before.parts.prompts.isEmpty, after.parts.prompts.isEmpty];
  return draftOf('prompts', sides, 'prompts', {
    ...doubtsFrom(sides, other || !one, one || !other, 'prompts may be listed'),
    changes: [],
    calls: [clientCall(before, 'prompts/list', {})],
  });
}
