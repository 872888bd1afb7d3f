import type { Call } from '../call.ts';
import { isNamePatternWithin } from '../compare/name-patterns.ts';
import { urisOf } from '../compare/uri-patterns.ts';
import type { ServerDocument } from '../document/types.ts';
import { driftChanges } from './drift-changes.ts';
import { draftElicitation, draftSampling } from './diff-elicitation.ts';
import { draftIdentity, draftServer, draftTrust } from './diff-identity.ts';
import { draftPrompts, draftResources, draftRoots } from './diff-resources.ts';
import { deniesAll, differingKey } from './entry-strictness.ts';
import { limitsChanges } from './limits-changes.ts';
import type { ItemDraft } from './make-item.ts';
import { namesChange, settingChange, settingWords } from './setting-changes.ts';
import { clientCall, doubtsFrom, draftOf, type Sides } from './setting-draft.ts';
import { entriesOf, type Comparison, type ServerSide } from './sides.ts';

/** What may differ in a server's entry besides its tools, prompts and methods. */
export function diffSettings(comparison: Comparison, sides: Sides): readonly ItemDraft[] {
  const drafts = [
    draftServer(sides),
    draftSampling(sides),
    draftElicitation(sides),
    draftRoots(sides),
    draftResources(comparison, sides),
    ...(['logging', 'completion', 'tasks', 'cache'] as const).map((key) => draftSwitch(key, sides, comparison)),
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

function draftLimits(sides: Sides): ItemDraft {
  const [before, after] = sides;
  const areBoth = before.isRegistered && after.isRegistered;
  const [one, other] = [before.parts, after.parts];
  const words = settingWords(before.document.result, after.document.result);
  const changes = areBoth
    ? [...limitsChanges(one.obligations, other.obligations, words), ...driftChanges(one.drift, other.drift)]
    : [];
  return draftOf('limits', sides, '', { widening: undefined, narrowing: undefined, changes });
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

function draftSwitch(
  key: 'logging' | 'completion' | 'tasks' | 'cache',
  sides: Sides,
  { texts }: Comparison,
): ItemDraft {
  const [before, after] = sides;
  const [one, other] = [before.parts[key], after.parts[key]];
  const direction = one === other ? 'changed' : other ? 'widened' : 'narrowed';
  const isShown = key !== 'cache';
  const why = `\`${key}\` is switched, or about more`;
  const isAlike = (side: ServerSide, than: ServerSide): boolean =>
    key !== 'completion' || !completesMore(side, than, texts);
  const isInside = !other || (one && isAlike(after, before));
  const isAround = !one || (other && isAlike(before, after));
  return draftOf(key, sides, key, {
    ...(isShown ? doubtsFrom(sides, isInside, isAround, why) : { widening: undefined, narrowing: undefined }),
    changes:
      one === other || !before.isRegistered || !after.isRegistered
        ? []
        : settingChange(key, direction, one ? 'allow' : 'deny', other ? 'allow' : 'deny', true),
    calls: [...SWITCH_CALLS[key](after), ...SWITCH_CALLS[key](before)],
  });
}

/** Whether arguments of prompts may be completed that may not be got at all: of the others, the prompt's own item tells. */
function completesMore(
  side: ServerSide,
  { document: { prompts = {} } }: ServerSide,
  texts: Comparison['texts'],
): boolean {
  return Object.keys(side.document.prompts ?? {}).some(
    (name) =>
      !isNamePatternWithin(name, Object.keys(prompts)) &&
      entriesOf(side.policy, side.parts.prompts, name).some((entry) => deniesAll(entry, texts)),
  );
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
  'result',
  'outgoing',
  'drift',
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
  // what it comes to is in every tool that it holds for
  'cost',
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
