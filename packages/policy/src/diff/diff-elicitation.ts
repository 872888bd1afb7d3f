import type { JsonObject } from '@callgate/canonical';

import { bound } from './entry-changes.ts';
import type { ItemDraft } from './make-item.ts';
import { isAsStrict, settingChange, settingWords } from './setting-changes.ts';
import { clientCall, doubtsFrom, draftOf, serverCall, written, type Sides } from './setting-draft.ts';
import type { ServerSide } from './sides.ts';

/** What the server may ask of the host’s model. */
export function draftSampling(sides: Sides): ItemDraft {
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

/** What the server may ask of the user. */
export function draftElicitation(sides: Sides): ItemDraft {
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
