import { compilePolicy, type CompiledPolicy } from 'callgate';

/** The server's registered name in every benchmark policy. */
export const SERVER = 'bench';

/** The regions and the limit that the argument conditions of every engine in the comparison allow. */
export const REGIONS: readonly string[] = ['us-east', 'us-west'];
export const MAX_LIMIT = 25;

/** Name of the numbered tool. */
export function toolName(index: number): string {
  return `tool_${index}`;
}

/** What else a benchmark policy says. */
export interface BenchPolicyOptions {
  /** `off`: what the server sends is not inspected; default: as policies have it that say nothing. */
  readonly result?: 'off';
}

/**
 * A policy with `toolCount` tools that each have conditions on two arguments, and `echo`, which the round trips call: ring
 * 1, with an envelope.
 */
export function benchPolicy(toolCount: number, { result }: BenchPolicyOptions = {}): CompiledPolicy {
  const lookup = {
    ring: 1 as const,
    arguments: { region: { enum: [...REGIONS] }, limit: { type: 'integer' as const, minimum: 1, maximum: MAX_LIMIT } },
  };
  const echo = {
    ring: 1 as const,
    maxResultBytes: '1MiB',
    arguments: { bytes: { type: 'integer' as const, minimum: 1, maximum: 200_000 } },
  };
  const tools = Array.from({ length: toolCount }, (_, index) => [toolName(index), lookup] as const);
  return compilePolicy({
    callgate: 1,
    name: 'bench',
    version: '1',
    ...(result !== undefined && { result }),
    servers: { [SERVER]: { trust: 'internal', tools: { ...Object.fromEntries(tools), echo } } },
  });
}
