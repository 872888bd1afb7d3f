import type { ConfigFormat } from '../hosts.ts';

/** The deepest nesting of a configuration that is read. Server entries are six levels deep at most. */
export const MAX_DEPTH = 64;

/** The most tokens of JSON, and values of TOML, that are read. Claude Code keeps its history in the same file as its servers. */
export const MAX_TOKENS = 1_000_000;

/**
 * The largest file of each format, in bytes. The YAML and TOML parsers keep up to 1 KB for a character, and no host
 * writes large files in them.
 */
export const MAX_BYTES: Readonly<Record<ConfigFormat, number>> = {
  json: 32 * 1024 * 1024,
  yaml: 1024 * 1024,
  toml: 1024 * 1024,
};
