import type { JsonObject } from '@callgate/canonical';
import { compilePredicate, type CompiledPolicy, type Decision, type Effect, type ToolCall } from '@callgate/policy';
import { excerpt } from '@callgate/canonical';

import type { ToolListings } from '../calls/search-space.ts';
import { decideToolCall } from '../decide-call.ts';

/** Which calls a property is about: a condition in the language of rules, or a function. */
export type CallFilter = string | ((call: ToolCall) => boolean);

/** Options of {@link findCall}, `assertNever` and `assertAlways`. */
export interface PropertyOptions {
  /** What the calls come to. */
  readonly effect: Effect;
  /**
   * Which calls are meant; default all. A condition (`arguments.region == "*"`) guides the search, and often can be proved. Of a call
   * that it cannot be evaluated for, or for which a function throws, it does not hold.
   */
  readonly where?: CallFilter;
  /** Calls of this server only. */
  readonly server?: string;
  /** Calls of this tool only. */
  readonly tool?: string;
  /** What servers list in `tools/list`, by server: calls are then made by those schemas too. */
  readonly tools?: ToolListings;
  /** Arguments to begin with, for what the search would not come upon by itself. */
  readonly examples?: readonly JsonObject[];
  /** How many calls are tried at most; default 10,000, at most 10,000,000. */
  readonly cases?: number;
  /** Any whole number; default 1. */
  readonly seed?: number;
}

/** A call judged by a property. */
export interface JudgedCall {
  readonly call: ToolCall;
  /** Whether it is one of those that are meant. */
  readonly isMeant: boolean;
  readonly decision: Decision;
  /** Whether the decision is one that is looked for. */
  readonly isReached: boolean;
}

/** What is looked for: calls that are meant and come to one of the effects. */
export class Property {
  readonly policy: CompiledPolicy;
  readonly effects: readonly Effect[];
  /** The condition, where it is one. */
  readonly source: string | undefined;
  /** Which calls are meant, in words. */
  readonly words: string;
  /** The first thing that a function threw. */
  failure: unknown;
  readonly near: (call: ToolCall) => readonly ToolCall[];
  readonly #isMeant: (call: ToolCall) => boolean;

  /** @throws {PolicyError} when the condition does not compile */
  constructor(policy: CompiledPolicy, effects: readonly Effect[], where: CallFilter | undefined) {
    this.policy = policy;
    this.effects = effects;
    const predicate = typeof where === 'string' ? compilePredicate(policy, where) : undefined;
    this.source = predicate?.source;
    this.words = where === undefined ? 'any call' : `a call where \`${excerpt(oneLine(String(where)))}\``;
    this.near = (call) => predicate?.near(call) ?? NONE;
    const asked = typeof where === 'function' ? this.#asking(where) : (): boolean => true;
    this.#isMeant = predicate === undefined ? asked : (call) => predicate.holds(call);
  }

  judge(call: ToolCall): JudgedCall {
    const decision = decideToolCall(this.policy, call);
    return { call, isMeant: this.#isMeant(call), decision, isReached: this.effects.includes(decision.effect) };
  }

  #asking(where: (call: ToolCall) => boolean): (call: ToolCall) => boolean {
    return (call) => {
      try {
        return where(call);
      } catch (error) {
        this.failure ??= error;
        return false;
      }
    };
  }
}

const NONE: readonly ToolCall[] = Object.freeze([]);

function oneLine(text: string): string {
  return text.replaceAll(/\s+/gu, ' ');
}
