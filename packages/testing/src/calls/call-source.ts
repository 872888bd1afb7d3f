import type { JsonObject } from '@callgate/canonical';
import type { CompiledPolicy, Principal, ToolCall, ToolSpace } from '@callgate/policy';

import { createRandom, seedOf } from '../random.ts';
import { BROKEN_VARIANTS, breakArguments } from './break-arguments.ts';
import { schemaSpaces } from './json-schema-space.ts';
import { makeObject } from './make-values.ts';
import { searchSpaces, type ToolDefinition, type ToolListings } from './search-space.ts';
import type { CallVariant } from './strange-values.ts';

/** A call that was made, and in what way it is as its schema says. */
export interface GeneratedCall extends ToolCall {
  readonly variant: CallVariant;
}

/** Calls without end. Equal sources give equal calls. */
export interface CallSource extends Iterable<GeneratedCall> {
  /**
   * The call with a number, from 0: always the same, whatever else was asked for.
   *
   * @throws {RangeError} when `index` is no whole number from 0
   */
  at(index: number): GeneratedCall;
  /** The first `count` calls. */
  take(count: number): readonly GeneratedCall[];
}

/** Options of {@link callsOf}. */
export interface CallsOptions {
  /** Calls of this server only. For a list of tools: its name, by default `server`. */
  readonly server?: string;
  /** Calls of this tool only. */
  readonly tool?: string;
  /** What servers list in `tools/list`, by server: arguments are then made by those schemas too. */
  readonly tools?: ToolListings;
  /** Who calls; default: for a policy whom it admits and whom not, for a list of tools nobody in particular. */
  readonly principals?: readonly Principal[];
  /** Only calls of these variants; default all, every second one valid. */
  readonly variants?: readonly CallVariant[];
  /** Any whole number; default 1. */
  readonly seed?: number;
}

/**
 * Calls of the tools that a policy names, or that a server lists: valid ones, and ones with one thing wrong.
 *
 * @throws {RangeError} when there is no tool to call, or `seed` is no whole number
 */
export function callsOf(from: CompiledPolicy | readonly ToolDefinition[], options: CallsOptions = {}): CallSource {
  const spaces = 'document' in from ? searchSpaces(from, options.tools ?? {}, options) : listedSpaces(from, options);
  if (spaces.length === 0) throw new RangeError('tools: expected at least one tool to call, got none');
  const { principals, variants } = options;
  const seed = seedOf(options.seed);
  const at = (index: number): GeneratedCall => {
    if (!Number.isSafeInteger(index) || index < 0)
      throw new RangeError(`index: expected a whole number from 0, got ${index}`);
    const space = spaces[index % spaces.length] as ToolSpace;
    return makeCall(space, Math.floor(index / spaces.length), { seed, index, principals, variants });
  };
  return Object.freeze({
    at,
    take: (count: number) => Array.from({ length: count }, (_, index) => at(index)),
    *[Symbol.iterator]() {
      for (let index = 0; ; index += 1) yield at(index);
    },
  });
}

interface Making {
  readonly seed: number;
  readonly index: number;
  readonly principals: readonly Principal[] | undefined;
  readonly variants: readonly CallVariant[] | undefined;
}

function makeCall(space: ToolSpace, turn: number, { seed, index, principals, variants }: Making): GeneratedCall {
  const random = createRandom(seed, index);
  const wanted = variantAt(turn, variants);
  const objects = random.pick(space.arguments);
  const valid = (objects === undefined ? undefined : makeObject(objects, random)) ?? space.base;
  const broken =
    wanted === 'valid' || objects === undefined ? undefined : breakArguments(valid, objects, wanted, random);
  const run = random.oneIn(3) ? `run-${random.below(3) + 1}` : undefined;
  return Object.freeze({
    server: space.server,
    tool: space.tool,
    arguments: broken ?? valid,
    principal: random.pick(principals ?? space.principals) ?? {},
    run,
    now: random.pick(space.times),
    variant: broken === undefined ? 'valid' : wanted,
  });
}

/** By turns: a valid call, then one of the next variant. */
function variantAt(turn: number, variants: readonly CallVariant[] | undefined): CallVariant {
  if (variants !== undefined) return variants[turn % variants.length] ?? 'valid';
  return turn % 2 === 0 ? 'valid' : (BROKEN_VARIANTS[((turn - 1) / 2) % BROKEN_VARIANTS.length] ?? 'valid');
}

function listedSpaces(
  tools: readonly ToolDefinition[],
  { server = 'server', tool }: CallsOptions,
): readonly ToolSpace[] {
  return tools
    .filter(({ name }) => tool === undefined || name === tool)
    .map(({ name, inputSchema }) => {
      const spaces = schemaSpaces(inputSchema);
      const base: JsonObject = spaces[0]?.smallest ?? {};
      return {
        server,
        tool: name,
        identity: undefined,
        arguments: spaces,
        base,
        principals: NOBODY,
        times: NO_TIME,
        constants: [],
        near: () => [],
      };
    });
}

const NOBODY: readonly Principal[] = Object.freeze([Object.freeze({})]);
const NO_TIME = Object.freeze([undefined]);
