import { own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { Call, ServerIdentity } from '../call.ts';
import { freshText } from '../compare/name-patterns.ts';
import { proveUrisWithin, urisOf } from '../compare/uri-patterns.ts';
import type { ServerKey } from '../compile/server-runtime.ts';
import type { RuleReference } from '../decision.ts';
import type { ServerDocument } from '../document/types.ts';
import { bound, byContainment } from './entry-changes.ts';
import { differingKey, isSameValue, type Doubt } from './entry-strictness.ts';
import type { ItemDraft } from './make-item.ts';
import type { DiffSubject } from './policy-diff.ts';
import { effective, doubtRuled } from './rule-sensitivity.ts';
import { isAsStrict, namesChange, settingChange, settingWords, urisChange } from './setting-changes.ts';
import { entrySideOf, identitiesOf, type Comparison, type ServerSide } from './sides.ts';

type Sides = readonly [ServerSide, ServerSide];

/** Identified and a member of nothing in particular: enough for what no `who` guards. */
const SOMEBODY: Call['principal'] = Object.freeze({ user: 'somebody' });

/** What may differ in a server's entry besides its tools, prompts and methods. */
export function diffSettings(comparison: Comparison, sides: Sides): readonly ItemDraft[] {
  const drafts = [
    draftServer(sides),
    draftSampling(sides),
    draftElicitation(sides),
    draftRoots(sides),
    draftResources(comparison, sides),
    ...(['logging', 'completion', 'tasks', 'cache'] as const).map((key) => draftSwitch(key, sides)),
  ];
  const isSaid = ({ subject, before, after }: ItemDraft): boolean =>
    subject === 'server' || before.length + after.length > 0;
  // of a server that one of them does not have, its own item says what its defaults come to
  if (!sides.every((side) => side.isRegistered)) return drafts.filter(isSaid);
  return [
    ...drafts,
    draftIdentity(sides),
    draftTrust(comparison, sides),
    draftLimits(sides),
    draftPrompts(sides),
    draftNames('meta', sides),
    draftNames('headers', sides),
    ...draftOthers(sides),
  ];
}

function draftOf(
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

function clientCall({ parts }: ServerSide, method: string, params: JsonObject): Call {
  return { server: parts.name, direction: 'client-to-server', method, params, principal: SOMEBODY };
}

function serverCall({ parts }: ServerSide, method: string, params: JsonObject): Call {
  return { server: parts.name, direction: 'server-to-client', method, params, principal: SOMEBODY };
}

/** Doubts from which side is proved to be as strict. Where a setting only observes, it stops nothing that could pass now. */
function doubtsFrom(
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

/** Whether it is registered at all, and what happens to what no entry is about. */
function draftServer(sides: Sides): ItemDraft {
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

function draftIdentity(sides: Sides): ItemDraft {
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
function draftTrust({ before: old, after: now }: Comparison, sides: Sides): ItemDraft {
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

function draftLimits(sides: Sides): ItemDraft {
  const [before, after] = sides;
  const areBoth = before.isRegistered && after.isRegistered;
  const [one, other] = [before.parts, after.parts];
  const changes = areBoth
    ? [
        ...(one.timeoutMs === other.timeoutMs
          ? []
          : bound(
              'timeout',
              one.timeoutMs,
              other.timeoutMs,
              settingWords(`${one.timeoutMs} ms`, `${other.timeoutMs} ms`),
            )),
        ...(one.maxResultBytes === other.maxResultBytes
          ? []
          : bound(
              'maxResultBytes',
              one.maxResultBytes,
              other.maxResultBytes,
              settingWords(`${one.maxResultBytes} bytes`, `${other.maxResultBytes} bytes`),
            )),
      ]
    : [];
  return draftOf('limits', sides, '', { widening: undefined, narrowing: undefined, changes });
}

function draftSampling(sides: Sides): ItemDraft {
  const [before, after] = sides;
  const [one, other] = [before.parts.sampling, after.parts.sampling];
  const isPassing = one.permission !== 'deny' && other.permission !== 'deny';
  const [least, most] = [one.maxTokens ?? Number.POSITIVE_INFINITY, other.maxTokens ?? Number.POSITIVE_INFINITY];
  return draftOf('sampling', sides, 'sampling', {
    ...doubtsFrom(
      sides,
      isAsStrict(other.permission, one.permission),
      isAsStrict(one.permission, other.permission),
      'sampling is permitted otherwise',
    ),
    changes: [
      ...settingChange('sampling', 'changed', one.permission, other.permission, false),
      ...(isPassing && least !== most
        ? bound('sampling.maxTokens', least, most, settingWords(one.maxTokens, other.maxTokens))
        : []),
    ],
    calls: [
      serverCall(before, 'sampling/createMessage', { messages: [], maxTokens: 1 }),
      clientCall(before, 'tools/list', { inputResponses: { one: { role: 'assistant', model: 'm' } } }),
    ],
  });
}

function draftElicitation(sides: Sides): ItemDraft {
  const [before, after] = sides;
  const isStrict = (stricter: ServerSide, than: ServerSide): boolean => {
    const [inner, outer] = [stricter.parts.elicitation, than.parts.elicitation];
    return (
      isAsStrict(inner.form, outer.form) &&
      isAsStrict(inner.url, outer.url) &&
      (inner.form === 'deny' || inner.secrets === 'deny' || outer.secrets === 'allow') &&
      (inner.url === 'deny' || areHostsWithin(inner.hosts, outer.hosts))
    );
  };
  const hosts = [...(after.parts.elicitation.hosts ?? []), ...(before.parts.elicitation.hosts ?? []), 'host.example'];
  const form = (name: string): JsonObject => ({
    message: 'm',
    requestedSchema: { type: 'object', properties: { [name]: { type: 'string' } } },
  });
  const calls = [
    serverCall(before, 'elicitation/create', form('colour')),
    serverCall(before, 'elicitation/create', form('password')),
    serverCall(before, 'elicitation/create', { message: 'm' }),
    ...hosts
      .flatMap((host) => (host.startsWith('.') ? [`a${host}`, `zz.a${host}`] : [host]))
      .map((host) => serverCall(before, 'elicitation/create', { mode: 'url', message: 'm', url: `https://${host}/` })),
    serverCall(before, 'notifications/elicitation/complete', {}),
  ];
  return draftOf('elicitation', sides, 'elicitation', {
    ...doubtsFrom(sides, isStrict(after, before), isStrict(before, after), 'what may be asked of the user differs'),
    changes: settingChange(
      'elicitation',
      'changed',
      written(before, 'elicitation'),
      written(after, 'elicitation'),
      false,
    ),
    calls,
  });
}

/** Undefined: any host that is not a look-alike. */
function areHostsWithin(inner: readonly string[] | undefined, outer: readonly string[] | undefined): boolean {
  if (inner === undefined) return outer === undefined;
  return inner.every((host) => {
    if (outer?.includes(host) === true) return true;
    // look-alike hosts pass only where they are listed; a number or a port is compared no further
    if (host.split('.').some((label) => label.startsWith('xn--')) || /[:[\]]/u.test(host)) return false;
    return outer === undefined || outer.some((suffix) => suffix.startsWith('.') && host.endsWith(suffix));
  });
}

function written({ document, isRegistered }: ServerSide, key: keyof ServerDocument): JsonValue | undefined {
  return isRegistered ? own(document as JsonObject, key) : undefined;
}

function draftRoots(sides: Sides): ItemDraft {
  const [before, after] = sides;
  const [one, other] = [before.parts.roots, after.parts.roots];
  const fresh = freshText([...(one?.patterns ?? []), ...(other?.patterns ?? [])]);
  const example = (other?.patterns ?? [])
    .flatMap((pattern) => urisOf(pattern, fresh))
    .find((uri) => other?.match(uri) !== undefined && one?.match(uri) === undefined);
  return draftOf('roots', sides, 'roots', {
    ...doubtsFrom(
      sides,
      other === undefined || one !== undefined,
      one === undefined || other !== undefined,
      'roots are open',
    ),
    changes: urisChange('roots', one?.patterns, other?.patterns, example),
    calls: [serverCall(before, 'roots/list', {}), clientCall(before, 'notifications/roots/list_changed', {})],
  });
}

function draftResources(comparison: Comparison, sides: Sides): ItemDraft {
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
function draftPrompts(sides: Sides): ItemDraft {
  const [before, after] = sides;
  const [one, other] = [before.parts.prompts.isEmpty, after.parts.prompts.isEmpty];
  return draftOf('prompts', sides, 'prompts', {
    ...doubtsFrom(sides, other || !one, one || !other, 'prompts may be listed'),
    changes: [],
    calls: [clientCall(before, 'prompts/list', {})],
  });
}

const SWITCH_CALLS: Readonly<
  Record<'logging' | 'completion' | 'tasks' | 'cache', (side: ServerSide) => readonly Call[]>
> = {
  logging: (side) => [clientCall(side, 'logging/setLevel', { level: 'info' })],
  completion: (side) => [
    ...Object.keys(side.document.prompts ?? {}).map((name) =>
      clientCall(side, 'completion/complete', {
        ref: { type: 'ref/prompt', name: name.replaceAll('*', 'x') },
        argument: { name: 'a', value: 'b' },
      }),
    ),
    ...(side.document.resources?.allow ?? [])
      .flatMap((pattern) => urisOf(pattern, 'x'))
      .map((uri) =>
        clientCall(side, 'completion/complete', {
          ref: { type: 'ref/resource', uri },
          argument: { name: 'a', value: 'b' },
        }),
      ),
  ],
  tasks: (side) => [clientCall(side, 'tasks/list', {})],
  cache: () => [],
};

function draftSwitch(key: 'logging' | 'completion' | 'tasks' | 'cache', sides: Sides): ItemDraft {
  const [before, after] = sides;
  const [one, other] = [before.parts[key], after.parts[key]];
  const direction = one === other ? 'changed' : other ? 'widened' : 'narrowed';
  const isShown = key !== 'cache';
  const why = `\`${key}\` is switched`;
  return draftOf(key, sides, key, {
    ...(isShown ? doubtsFrom(sides, !other || one, !one || other, why) : { widening: undefined, narrowing: undefined }),
    changes:
      one === other || !before.isRegistered || !after.isRegistered
        ? []
        : settingChange(key, direction, one ? 'allow' : 'deny', other ? 'allow' : 'deny', true),
    calls: [...SWITCH_CALLS[key](after), ...SWITCH_CALLS[key](before)],
  });
}

function draftNames(key: 'meta' | 'headers', sides: Sides): ItemDraft {
  const [before, after] = sides;
  const listOf = ({ document }: ServerSide): readonly string[] =>
    (document[key]?.allow ?? []).map((name) => (key === 'headers' ? name.toLowerCase() : name)).toSorted();
  const [one, other] = [listOf(before), listOf(after)];
  return draftOf(key, sides, key, { widening: undefined, narrowing: undefined, changes: namesChange(key, one, other) });
}

const COMPARED_KEYS: ReadonlySet<string> = new Set<keyof ServerDocument>([
  'identity',
  'trust',
  'stage',
  'timeout',
  'maxResultBytes',
  'sampling',
  'elicitation',
  'roots',
  'logging',
  'completion',
  'tasks',
  'cache',
  'resources',
  'prompts',
  'methods',
  'meta',
  'headers',
  'tools',
]);

/** What this comparison does not know is unknown where it differs, never the same. */
function draftOthers(sides: Sides): readonly ItemDraft[] {
  const [before, after] = sides;
  const key = differingKey(before.document, after.document, COMPARED_KEYS);
  if (key === undefined) return [];
  const why = `\`${key}\` cannot be compared`;
  return [draftOf('other', sides, '', { name: key, widening: why, narrowing: why, changes: [] })];
}
