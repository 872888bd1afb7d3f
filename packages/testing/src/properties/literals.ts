import type { JsonValue } from '@callgate/canonical';

const MAX_SOURCE = 10_000;
const MAX_LITERALS = 48;

/** The constants that are written in a function or condition, and numbers beside them: what it may be waiting for. */
export function literalsIn(where: unknown): readonly JsonValue[] {
  if (typeof where !== 'function' && typeof where !== 'string') return [];
  const source = String(where).slice(0, MAX_SOURCE);
  const texts = [...source.matchAll(/'([^'\\\n]*)'|"([^"\\\n]*)"|`([^`\\$\n]*)`/gu)].map(
    ([, one, two, three]) => one ?? two ?? three ?? '',
  );
  const bare = source.replaceAll(/'[^'\n]*'|"[^"\n]*"|`[^`\n]*`/gu, ' ');
  const numbers = [...bare.matchAll(/(?<![\w.])-?\d[\d_]*(?:\.\d+)?(?:e[+-]?\d+)?/giu)]
    .map(([number]) => Number(number.replaceAll('_', '')))
    .flatMap((number) => (Number.isFinite(number) ? [number, number + 1, number - 1] : []));
  return [...new Set<JsonValue>([...texts, ...numbers])].slice(0, MAX_LITERALS);
}
