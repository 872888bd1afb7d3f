import { excerpt, isJsonArray, type Instant, type JsonValue } from '@callgate/canonical';

import type { Call } from '../call.ts';
import { shapeOf } from '../envelope/shape.ts';
import { isoText } from '../conditions/time-text.ts';
import type { PlacedChange } from './changes.ts';
import { enforcedEffect, type FoundWay } from './find-ways.ts';

/** One thing to change about a call or the moment of it. */
export interface CallChange {
  /**
   * The names on the way to what changes. The first is `arguments` (of tools and prompts), `params` (of other methods), `tool`, `prompt`,
   * `server`, `identity`, `principal`, `run` or `now`.
   */
  readonly path: readonly string[];
  /** The shape of what is there, in words and never the value. */
  readonly got: string;
  /** What to set it to; absent: leave it out. `now` is milliseconds since 1970. */
  readonly value?: JsonValue;
  /** In words: ``set `limit` to 25``. */
  readonly words: string;
}

/** Changes after which a call passes: all of them, and none can be spared. */
export interface PassingWay {
  readonly changes: readonly CallChange[];
  /** What the changed call comes to: `hold` where it then waits for approval. */
  readonly effect: 'allow' | 'hold';
  /** Who may approve it then, where the policy names somebody. */
  readonly approvers: readonly string[];
  /** The exceptions that it then needs. */
  readonly exceptions: readonly string[];
  /** The changed call, as `decide` took it. */
  readonly call: Call;
  /** When it was decided; absent where the time is not known. */
  readonly now?: Instant;
}

/** A way as it is told. */
export function tellWay({ changes, situation, decision }: FoundWay): PassingWay {
  const { call, now } = situation;
  return Object.freeze({
    changes: Object.freeze(changes.map(tellChange)),
    effect: enforcedEffect(decision) === 'allow' ? 'allow' : 'hold',
    approvers: decision.approvers ?? Object.freeze([]),
    exceptions: decision.exceptions ?? Object.freeze([]),
    call: Object.freeze(call),
    ...(now === undefined ? {} : { now }),
  });
}

function tellChange(change: PlacedChange): CallChange {
  const { path, from, to } = change;
  return Object.freeze({
    path: Object.freeze(path),
    got: path[0] === 'now' ? 'a time' : shapeOf(from),
    ...(to === undefined ? {} : { value: to }),
    words: wordsOf(change),
  });
}

const SHOWN_LENGTH = 200;

function wordsOf({ path, from, to }: PlacedChange): string {
  const [first = '', ...names] = path;
  const value = to === undefined ? undefined : shown(to);
  switch (first) {
    case 'arguments':
    case 'params': {
      const place = names.length === 0 ? `the ${first}` : `\`${placeText(names)}\``;
      return value === undefined ? `leave out ${place}` : `set ${place} to ${value}`;
    }
    case 'now':
      return typeof to === 'number' ? `call at \`${isoText(to)}\`` : 'call at no time';
    case 'principal':
      return principalWords(names, from, to);
    case 'identity':
      return 'reach the server as the policy declares it';
    case 'run':
      return value === undefined ? 'call outside a run' : `call within the run ${value}`;
    default:
      return `call the ${first} ${value ?? 'with no name'}`;
  }
}

function principalWords(
  [field = 'principal']: readonly string[],
  from: JsonValue | undefined,
  to: JsonValue | undefined,
): string {
  if (field !== 'roles') return to === undefined ? `act without a ${field}` : `act as the ${field} ${shown(to)}`;
  const [had, has] = [from, to].map((roles) => (isJsonArray(roles) ? roles : []));
  const listed = (roles: readonly JsonValue[] = []): string => roles.map(shown).join(' and ');
  const added = has?.filter((role) => had?.includes(role) !== true);
  const removed = had?.filter((role) => has?.includes(role) !== true);
  return [
    ...(added?.length ? [`act with the role ${listed(added)}`] : []),
    ...(removed?.length ? [`act without the role ${listed(removed)}`] : []),
  ].join(' and ');
}

/** Names on the way to a value, as a person reads them: `filter.page size`. */
export function placeText(names: readonly string[]): string {
  return excerpt(names.join('.'), 120);
}

function shown(value: JsonValue): string {
  return `\`${excerpt(typeof value === 'string' ? value : JSON.stringify(value), SHOWN_LENGTH)}\``;
}
