import type { JsonObject, JsonValue } from '@callgate/canonical';
import type { ToolCall, ToolSpace } from '@callgate/policy';

import { WILDCARDS } from '../calls/strange-values.ts';
import { createRandom, type Random } from '../random.ts';
import { firstCalls } from './first-calls.ts';
import { literalsIn } from './literals.ts';
import type { CallFilter, JudgedCall, Property } from './property.ts';
import { freshCall, repairedCall, variedCall } from './vary-call.ts';

const MAX_POOL = 24;

/** What a search came upon. */
export interface SearchOutcome {
  readonly found: (JudgedCall & { readonly space: ToolSpace }) | undefined;
  /** How many calls were decided. */
  readonly cases: number;
  /** Of how many the condition held. */
  readonly meant: number;
  /** How many came to what is looked for. */
  readonly reached: number;
}

/** One tool, with what is known of its calls so far. */
interface Ground {
  readonly space: ToolSpace;
  readonly constants: readonly JsonValue[];
  readonly first: Iterator<ToolCall>;
  /** Calls that are meant and do not come to what is looked for, and the other way round. */
  readonly meant: JudgedCall[];
  readonly reached: JudgedCall[];
}

/** Looks for a call that is meant and comes to what is looked for: begins with telling calls, then varies those that were near. */
export function searchCalls(
  property: Property,
  spaces: readonly ToolSpace[],
  options: {
    readonly where: CallFilter | undefined;
    readonly examples: readonly JsonObject[];
    readonly cases: number;
    readonly seed: number;
  },
): SearchOutcome {
  const { cases, seed, examples } = options;
  const literals = literalsIn(options.where);
  const grounds = spaces.map((space): Ground => {
    const constants = [...literals, ...space.constants, ...WILDCARDS];
    return { space, constants, first: firstCalls(space, property, literals, examples), meant: [], reached: [] };
  });
  let [meant, reached] = [0, 0];
  for (let index = 0; index < cases && grounds.length > 0; index += 1) {
    const random = createRandom(seed, index);
    const ground = groundFor(grounds, index, random);
    const judged = property.judge(nextCall(ground, random));
    if (judged.isMeant) meant += 1;
    if (judged.isReached) reached += 1;
    if (judged.isMeant && judged.isReached) {
      return { found: { ...judged, space: ground.space }, cases: index + 1, meant, reached };
    }
    if (judged.isMeant) keep(ground.meant, judged, random);
    else if (judged.isReached) keep(ground.reached, judged, random);
  }
  return { found: undefined, cases: grounds.length === 0 ? 0 : cases, meant, reached };
}

/** Each by turns, and every second time one whose calls are meant. */
function groundFor(grounds: readonly Ground[], index: number, random: Random): Ground {
  const turn = grounds[index % grounds.length] as Ground;
  if (index % 2 === 0 || index < grounds.length) return turn;
  return random.pick(grounds.filter((ground) => ground.meant.length > 0)) ?? turn;
}

function nextCall({ space, constants, first, meant, reached }: Ground, random: Random): ToolCall {
  if (!random.oneIn(3)) {
    const next = first.next();
    if (next.done !== true) return next.value;
  }
  const faulty = random.pick(meant);
  if (faulty !== undefined && !random.oneIn(3)) return repairedCall(faulty, space, random);
  const near = random.pick(reached) ?? faulty;
  return near === undefined || random.oneIn(4)
    ? freshCall(space, random)
    : variedCall(near.call, space, constants, random);
}

function keep(pool: JudgedCall[], judged: JudgedCall, random: Random): void {
  if (pool.length < MAX_POOL) pool.push(judged);
  else pool[random.below(MAX_POOL)] = judged;
}
