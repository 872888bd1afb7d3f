/** One tool call, as every engine in the comparison is asked about it. */
export interface ToolCall {
  readonly tool: string;
  readonly arguments: { readonly region?: string; readonly limit?: number };
}

/** Answers one prepared call: may it go ahead? */
export type Ask = () => boolean;

/**
 * A policy engine with rules for `toolCount` tools: `region` must be one of two, `limit` an integer from 1 to 25; everything
 * else is denied.
 */
export interface Engine {
  readonly name: string;
  /** Builds the call in the engine's own form once, so that asking measures evaluation only. */
  prepare(call: ToolCall): Ask;
}

/** Builds an engine with rules for `toolCount` tools. */
export type EngineFactory = (toolCount: number) => Engine;
