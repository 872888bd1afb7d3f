import type { ChangeDirection, DiffItem, Flip, FlipKind, PolicyDiff, RuleReference } from '@callgate/policy';

import { plural } from './words.ts';

/** The sections of a diff, worst first, with what each says of its items. */
export const SECTIONS: readonly (readonly [ChangeDirection, string])[] = [
  ['widened', 'Widened'],
  ['unknown', 'Unknown: may widen'],
  ['narrowed', 'Narrowed'],
  ['changed', 'Changed to no effect on calls'],
];

const SUBJECTS: Readonly<Partial<Record<DiffItem['subject'], string>>> = {
  policy: 'the policy',
  prompts: 'the list of prompts',
  meta: '`_meta` keys',
};

/** What an item is about: `tool`, `rule`, `the policy`. Its name is not in it. */
export function subjectWords({ subject, name }: DiffItem): string {
  return subject === 'other' && name !== null ? 'key' : (SUBJECTS[subject] ?? subject);
}

const FLIPS: Readonly<Record<FlipKind, string>> = {
  'newly-allowed': 'newly allowed',
  'newly-unheld': 'newly allowed without approval',
  'newly-held': 'newly held for approval',
  'newly-denied': 'newly denied',
};

/** `newly allowed (deny → allow)` */
export function flipWords({ kind, from, to }: Flip): string {
  return `${FLIPS[kind]} (${from} → ${to})`;
}

/** The codes of both decisions: `arguments.envelope → allowed`. */
export function flipCodes({ before, after }: Flip): string {
  return `${before.code} → ${after.code}`;
}

/** How many items there are of each direction: `2 widened, 1 unknown, 40 the same`. */
export function countWords({ items, same }: PolicyDiff): string {
  const counts = SECTIONS.map(([direction]) => {
    const count = items.filter((item) => item.direction === direction).length;
    return count === 0 ? '' : `${count} ${direction}`;
  });
  return [
    ...counts.filter((text) => text !== ''),
    `${plural(same, 'entry').replace('entrys', 'entries')} the same`,
  ].join(', ');
}

/** What the verdict comes to, in a sentence. */
export function verdictWords({ verdict, items }: PolicyDiff): string {
  switch (verdict) {
    case 'same':
      return 'nothing differs';
    case 'changed':
      return 'nothing widened, nothing narrowed (proved)';
    case 'narrowed':
      return 'nothing widened (proved)';
    case 'unknown':
      return 'nothing was found to widen, and it is not proved that nothing does';
    case 'widened':
      return items.some((item) => item.direction === 'unknown')
        ? 'something widened, and more may'
        : 'something widened';
  }
}

/** Who makes a witness's call: `user xx, roles a, b`, or that nobody does. */
export function principalWords({ witness: { principal } }: Flip): string {
  const parts = Object.entries(principal).map(([key, value]) => `${key} ${[value].flat().join(', ')}`);
  return parts.length === 0 ? 'nobody identified' : parts.join(', ');
}

/** The call that a flip shows, without what says who makes it. */
export function witnessJson({ witness, at }: Flip): string {
  const { server, direction, method, params, identity } = witness;
  const isToolCall = method === 'tools/call' && direction === 'client-to-server';
  const call = isToolCall
    ? { server, tool: params['name'], arguments: params['arguments'] }
    : { server, ...(direction === 'client-to-server' ? {} : { direction }), method, params };
  const seen = identity === undefined ? {} : { identity };
  const time = at === null ? {} : { at: new Date(at).toISOString() };
  return JSON.stringify({ ...call, ...seen, ...time });
}

/** `new.yaml:7`, or the pointer where the policy has no text; the newer place where there are two. */
export function placeOf({ before, after }: DiffItem): string {
  const reference: RuleReference | undefined = after[0] ?? before[0];
  if (reference === undefined) return '';
  return reference.location === undefined ? reference.rule : `${reference.location.file}:${reference.location.line}`;
}
