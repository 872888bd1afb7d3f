import { own, type JsonObject } from '@callgate/canonical';

import type { PolicyRuntime } from '../compile/server-runtime.ts';
import { instanceOf } from '../compare/name-patterns.ts';
import { withMember } from '../compare/object-members.ts';
import type { TextSearcher } from '../compare/text-search.ts';
import type { Decision } from '../decision.ts';
import { acceptsObject } from '../envelope/value-check.ts';
import { nearestName } from '../internal/nearest-name.ts';
import { isIdentified } from '../match/who.ts';
import type { Rule } from '../rules/rule.ts';
import { excepted } from './fix-exception.ts';
import { admitted, identified } from './fix-principal.ts';
import { silenced } from './fix-rule.ts';
import { judgedCallOf, whoOf, type JudgedCall } from './judged-call.ts';
import { repairObject } from './repair.ts';
import { factsOf, namedAs, withArguments, withFact, type Situation } from './situation.ts';

/** A problem of a situation, and the situations in which it is solved: none where none was found; undefined: no such problem. */
type Solutions = readonly Situation[] | undefined;

/**
 * Situations in which the first thing that keeps a call from passing is out of the way, nearest first. Only that thing: others may be
 * left, and new ones may come up. Of a held call: what it is held for.
 */
export function fixesFor(
  policy: PolicyRuntime,
  situation: Situation,
  decision: Decision,
  texts: TextSearcher,
): readonly Situation[] {
  const judged = judgedCallOf(policy, situation);
  if (judged === undefined) return nearestServer(policy, situation) ?? [];
  return (
    declaredIdentity(situation, judged) ??
    nearestEntry(situation, judged) ??
    anotherResource(situation, judged) ??
    openedTo(policy, situation, judged) ??
    somebody(policy, situation, decision, judged) ??
    repairedArguments(policy, situation, judged, texts) ??
    besideRules(policy, situation, decision, judged, texts) ??
    withoutApproval(policy, situation, judged, texts)
  );
}

function nearestServer(policy: PolicyRuntime, situation: Situation): Solutions {
  const nearest = nearestName(situation.call.server, policy.servers.keys());
  return nearest === undefined ? undefined : [withFact(situation, 'server', nearest)];
}

function declaredIdentity(situation: Situation, { server }: JudgedCall): Solutions {
  const { matchesIdentity, identity } = server.parts;
  if (matchesIdentity === undefined || matchesIdentity(situation.call.identity)) return undefined;
  return identity === null ? [] : [withFact(situation, 'identity', identity)];
}

function nearestEntry(situation: Situation, { server, entries }: JudgedCall): Solutions {
  const kind = namedAs(situation.call);
  if (kind === undefined || entries.length > 0) return undefined;
  const name = own(factsOf(situation), kind);
  const table = kind === 'tool' ? server.parts.tools : server.parts.prompts;
  const nearest = typeof name === 'string' ? nearestName(name, table.exact.keys()) : undefined;
  return nearest === undefined ? [] : [withFact(situation, kind, nearest)];
}

const MAX_PATTERNS = 4;

function anotherResource(situation: Situation, { server, args }: JudgedCall): Solutions {
  const { method, direction } = situation.call;
  if (direction !== 'client-to-server' || !method.startsWith('resources/') || !Object.hasOwn(args, 'uri'))
    return undefined;
  const uris = server.parts.resources?.uris;
  const uri = own(args, 'uri');
  if (uris === undefined || (typeof uri === 'string' && uris.match(uri) !== undefined)) return undefined;
  return uris.patterns
    .map((pattern) => instanceOf(pattern.replaceAll('**', '*'), 'x'))
    .filter((candidate) => uris.match(candidate) !== undefined)
    .slice(0, MAX_PATTERNS)
    .map((candidate) => withArguments(situation, withMember(args, 'uri', candidate)));
}

function openedTo(policy: PolicyRuntime, situation: Situation, { entries }: JudgedCall): Solutions {
  for (const entry of entries) {
    const failing = entry.who.find((check) => check.test(situation.call.principal) !== 'pass');
    if (failing !== undefined && entry.stage !== 'off') return admitted(situation, failing, whoOf(policy, entry));
  }
  return undefined;
}

function somebody(policy: PolicyRuntime, situation: Situation, decision: Decision, { entries }: JudgedCall): Solutions {
  if (isIdentified(situation.call.principal)) return undefined;
  const raises = decidingRules(policy, decision, entries).some(({ outcome, ring }) => outcome === 'raise' && ring >= 2);
  return raises || entries.some(({ ring }) => ring >= 2) ? [identified(situation)] : undefined;
}

/** What the envelopes of all entries accept, and what an exception accepts instead. */
function repairedArguments(
  policy: PolicyRuntime,
  situation: Situation,
  judged: JudgedCall,
  texts: TextSearcher,
): Solutions {
  const { entries, args, isObject } = judged;
  const isAccepted = entries.every(
    ({ envelope, stage }) =>
      stage === 'off' || envelope === 'any' || (isObject && envelope !== 'missing' && acceptsObject(envelope, args)),
  );
  const exceptions = excepted(policy, situation, judged, texts, ({ envelope }) => envelope !== undefined);
  if (isAccepted || (isObject && exceptions.some((found) => found === situation))) return undefined;
  const repaired = entries.reduce<JsonObject | undefined>((current, { envelope }) => {
    if (current === undefined || envelope === 'missing') return undefined;
    return envelope === 'any' ? current : repairObject(envelope, current, texts);
  }, args);
  return [...(repaired === undefined ? [] : [withArguments(situation, repaired)]), ...exceptions];
}

/** The rules that decided, those of an entry's own approval included. */
function decidingRules(
  policy: PolicyRuntime,
  { determining }: Decision,
  entries: JudgedCall['entries'],
): readonly Rule[] {
  const places = new Set(determining.map(({ rule }) => rule));
  const approvals = entries.flatMap((entry) => entry.ownRules);
  return [...policy.rules, ...approvals].filter(({ references: [reference] }) => places.has(reference.rule));
}

function besideRules(
  policy: PolicyRuntime,
  situation: Situation,
  decision: Decision,
  judged: JudgedCall,
  texts: TextSearcher,
): Solutions {
  const [rule] = decidingRules(policy, decision, judged.entries);
  if (rule === undefined) return undefined;
  return [
    ...silenced(rule, situation, judged, texts),
    ...excepted(policy, situation, judged, texts, ({ waivedRules }) => waivedRules.has(rule.id)),
  ];
}

function withoutApproval(
  policy: PolicyRuntime,
  situation: Situation,
  judged: JudgedCall,
  texts: TextSearcher,
): readonly Situation[] {
  return judged.entries.some(({ isHeld }) => isHeld)
    ? excepted(policy, situation, judged, texts, ({ waivesApproval }) => waivesApproval)
    : [];
}
