import { RE2JS } from 're2js';

/** Longer patterns are not read. */
const MAX_PATTERN = 512;

/** Length of a pattern times its counted repetitions: what compiling it unrolls, about. */
const MAX_UNROLLED = 8192;

/** How many patterns are remembered. */
const MAX_KNOWN = 256;

/** Whether a pattern is found in a text, and what looking costs for each code unit. */
export interface SchemaPattern {
  readonly test: (text: string) => boolean;
  readonly weight: number;
}

const known = new Map<string, SchemaPattern | undefined>();

/**
 * A pattern of a server's schema, in an engine that takes time linear in the text (RE2). Undefined for what that engine does not know
 * (look-around, backreferences) and for what would take long to compile.
 */
export function schemaPattern(source: string): SchemaPattern | undefined {
  if (known.has(source)) return known.get(source);
  if (known.size >= MAX_KNOWN) known.clear();
  const pattern = compiled(source);
  known.set(source, pattern);
  return pattern;
}

function compiled(source: string): SchemaPattern | undefined {
  if (source.length > MAX_PATTERN) return undefined;
  let repeats = 1;
  for (const { groups } of source.matchAll(/\{(?<least>\d{1,5})(?:,(?<most>\d{0,5}))?\}/gu)) {
    repeats += Math.max(Number(groups?.['least'] ?? 0), Number(groups?.['most'] ?? 0));
  }
  if (repeats * source.length > MAX_UNROLLED) return undefined;
  try {
    const pattern = RE2JS.compile(source.replaceAll(/\\u(?<code>[0-9a-f]{4})/giu, String.raw`\x{$<code>}`));
    return { test: (text) => pattern.test(text), weight: 1 + Math.ceil(repeats / 16) };
  } catch {
    return undefined;
  }
}
