import { excerpt } from '@callgate/canonical';

import type { Entry } from '../compile/entry.ts';
import type { WhoDocument } from '../document/types.ts';

/** What an entry accepts, one line for each argument. */
export function describeEnvelope({ envelope, ring }: Entry): readonly string[] {
  if (envelope === 'missing') return Object.freeze([`no envelope: nothing passes in ring ${ring}`]);
  if (envelope === 'any') return Object.freeze(['any arguments']);
  const lines = envelope.properties.map(
    ({ name, isRequired, value }) => `\`${excerpt(name)}\`${isRequired ? '' : ' (optional)'}: ${value.expected}`,
  );
  if (envelope.additional !== false) lines.push('other arguments');
  return Object.freeze(lines.length === 0 ? ['no arguments'] : lines);
}

/** Who an entry is open to, one line for each dimension; all must hold. For operators: it names what denials do not. */
export function describeWho(who: WhoDocument | undefined): readonly string[] {
  if (who === undefined) return Object.freeze(['anybody']);
  const lines = Object.entries(who)
    .toSorted(([left], [right]) => (left < right ? -1 : 1))
    .map(
      ([dimension, names]) =>
        `${dimension}: ${(names as readonly string[]).map((name) => `\`${excerpt(name)}\``).join(', ')}`,
    );
  return Object.freeze(lines);
}
