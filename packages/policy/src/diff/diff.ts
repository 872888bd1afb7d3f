import { deepFreeze, type Instant, type JsonObject } from '@callgate/canonical';

import { runtimeOf, type PolicyRuntime } from '../compile/server-runtime.ts';
import type { CompiledPolicy } from '../compiled-policy.ts';
import { diffControls } from './diff-controls.ts';
import { diffExceptions } from './diff-exceptions.ts';
import { diffMethods } from './diff-methods.ts';
import { diffRules } from './diff-rules.ts';
import { diffSettings } from './diff-settings.ts';
import { diffTable } from './diff-table.ts';
import { wordsOf } from './entry-changes.ts';
import { differingKey } from './entry-strictness.ts';
import { isSameValue } from './same-value.ts';
import { PROMPTS, TOOLS } from './entry-table.ts';
import type { FlipSearch } from './find-flips.ts';
import { makeItem, type ItemDraft } from './make-item.ts';
import type { ChangeDirection, ComparedPolicy, DiffItem, DiffOptions, PolicyDiff } from './policy-diff.ts';
import { comparisonOf, identitiesOf, serverSideOf, withoutIdentity, type Comparison } from './sides.ts';

/**
 * Compares two policies: what calls come to that they did not before, each with one call that shows it, decided by both.
 *
 * What can be proved to let pass no more is said to be so; what can neither be proved nor shown is `unknown`, with the reason.
 * Conditions are compared term by term where they have one shape, and are opaque elsewhere. What exceptions lift (`withExceptions`) is told by itself,
 * from `at` on; everything else is compared without them. Two policies of 1,000
 * tools take at most 2 s (packages/policy/bench/diff.ts).
 *
 * @throws {TypeError} when one of them is not a compiled policy
 */
export function diffPolicies(before: CompiledPolicy, after: CompiledPolicy, { at }: DiffOptions = {}): PolicyDiff {
  const comparison = comparisonOf(runtimeOf(before), runtimeOf(after));
  const times = timesFor(comparison);
  const items: DiffItem[] = [];
  let same = 0;
  const judge = (drafts: readonly ItemDraft[], search: FlipSearch): void => {
    for (const draft of drafts) {
      const item = makeItem(draft, search);
      if (item === undefined) same += 1;
      else items.push(item);
    }
  };
  const whole: FlipSearch = { ...comparison, anybody: undefined, identities: [undefined], times };
  judge(diffWhole(comparison), whole);
  judge(diffRules(comparison), { ...whole, identities: everyIdentity(comparison) });
  judge(diffControls(comparison), whole);
  for (const name of namesOf(comparison)) {
    const sides = [serverSideOf(comparison.before, name), serverSideOf(comparison.after, name)] as const;
    const identities = identitiesOf(...sides);
    const isOneServer = isSameValue(identityOf(sides[0].document), identityOf(sides[1].document));
    const only = new Set([name]);
    const anybody = isOneServer
      ? undefined
      : { before: withoutIdentity(comparison.before, only), after: withoutIdentity(comparison.after, only) };
    const settings = diffSettings(comparison, sides);
    const isIdentity = (draft: ItemDraft): boolean => draft.subject === 'identity';
    judge(settings.filter(isIdentity), whole);
    judge(
      [
        ...settings.filter((draft) => !isIdentity(draft)),
        ...diffTable(TOOLS, comparison, sides),
        ...diffTable(PROMPTS, comparison, sides),
        ...diffMethods(comparison, sides),
      ],
      { ...comparison, anybody, identities, times },
    );
  }
  if (at !== undefined) {
    const excepted = { before: runtimeOf(before), after: runtimeOf(after) };
    for (const { draft, search } of diffExceptions(excepted, comparison, at)) judge([draft], search);
  }
  return deepFreeze({
    before: comparedPolicy(before, at),
    after: comparedPolicy(after, at),
    at: at ?? null,
    verdict: verdictOf(items),
    items,
    same,
  }) as PolicyDiff;
}

function identityOf(document: { readonly identity?: unknown }): JsonObject | undefined {
  return document.identity as JsonObject | undefined;
}

function namesOf({ before, after }: Comparison): readonly string[] {
  return [...new Set([...before.servers.keys(), ...after.servers.keys()])].toSorted();
}

function everyIdentity(comparison: Comparison): FlipSearch['identities'] {
  const all = namesOf(comparison).flatMap((name) =>
    identitiesOf(serverSideOf(comparison.before, name), serverSideOf(comparison.after, name)),
  );
  const distinct = new Map(all.map((identity) => [JSON.stringify(identity), identity]));
  return [undefined, ...[...distinct.values()].filter((identity) => identity !== undefined)];
}

const COMPARED_KEYS: ReadonlySet<string> = new Set([
  'callgate',
  'name',
  'version',
  'stage',
  'owners',
  // what these say is in every server that they hold for
  'drift',
  'outgoing',
  'result',
  'servers',
  'rules',
  'meters',
  'breakers',
  'flows',
]);

/** What the policies say as a whole. */
function diffWhole({ before, after }: Comparison): readonly ItemDraft[] {
  const about = { subject: 'policy', server: null, name: null, status: 'modified', before: [], after: [] } as const;
  const [isDenied, wasDenied] = [after.stage === 'enforce', before.stage === 'enforce'];
  const why = 'servers that are not registered are judged in another stage';
  const server = freeServer({ before, after });
  const stage: ItemDraft = {
    ...about,
    widening: wasDenied && !isDenied ? why : undefined,
    narrowing: isDenied && !wasDenied ? why : undefined,
    changes:
      before.stage === after.stage
        ? []
        : [{ key: 'stage', direction: 'changed', before: before.stage, after: after.stage, counts: false }],
    calls: () => [{ server, direction: 'client-to-server', method: 'tools/list', params: {}, principal: {} }],
  };
  const [one, other] = [before.document, after.document];
  const owners = isSameValue(one.owners, other.owners)
    ? []
    : [
        {
          key: 'owners',
          direction: 'changed',
          before: wordsOf(one.owners),
          after: wordsOf(other.owners),
          counts: false,
        } as const,
      ];
  const key = differingKey(one, other, COMPARED_KEYS);
  const opaque = key === undefined ? undefined : `\`${key}\` cannot be compared`;
  return [
    stage,
    { ...about, widening: undefined, narrowing: undefined, changes: owners, calls: () => [] },
    {
      ...about,
      subject: 'other',
      name: key ?? null,
      widening: opaque,
      narrowing: opaque,
      changes: [],
      calls: () => [],
    },
  ];
}

function freeServer({ before, after }: { readonly before: PolicyRuntime; readonly after: PolicyRuntime }): string {
  let name = 'unregistered';
  while (before.servers.has(name) || after.servers.has(name)) name += 'x';
  return name;
}

// Monday 2026-01-05 12:00, Tuesday 03:00 and Saturday 12:00 in UTC: working hours, a night and a weekend, for conditions that read the time
const SAMPLE_TIMES: readonly Instant[] = [1_767_614_400_000, 1_767_668_400_000, 1_768_046_400_000];

function timesFor({ before, after }: Comparison): FlipSearch['times'] {
  const rules = [...before.rules, ...after.rules, ...ownRules(before), ...ownRules(after)];
  return rules.some(({ condition }) => condition?.readsNow === true) ? SAMPLE_TIMES : [undefined];
}

function ownRules({ servers }: PolicyRuntime): PolicyRuntime['rules'] {
  return [...servers.values()].flatMap(({ parts }) => parts.tools.all.flatMap((entry) => entry.ownRules));
}

function comparedPolicy(
  { name, version, digest, file, exceptions }: CompiledPolicy,
  at: Instant | undefined,
): ComparedPolicy {
  const register = exceptions === undefined || at === undefined ? null : exceptions;
  return {
    name,
    version,
    digest,
    file,
    exceptions: register === null ? null : { file: register.file, digest: register.digest },
  };
}

const ORDER: readonly ChangeDirection[] = ['widened', 'unknown', 'narrowed', 'changed'];

function verdictOf(items: readonly DiffItem[]): PolicyDiff['verdict'] {
  return ORDER.find((direction) => items.some((item) => item.direction === direction)) ?? 'same';
}
