import type { Match } from '../detector.ts';

/** The value of a field that forms do not show. */
const FIELD =
  /<input\b(?=[^<>]{0,512}\btype\s*=\s*["']?hidden)[^<>]{0,512}?\bvalue\s*=\s*(?:"(?<double>[^"<>]{2,2048})"|'(?<single>[^'<>]{2,2048})')/giu;

/** White letters in TeX, and those that leave room and no ink. */
const TEX =
  /\\(?:textcolor\{white\}|[hv]?phantom)\{(?<argument>[^{}]{2,2048})\}|\\color\{white\}(?<rest>[^{}\n]{2,2048})/gu;

/** What forms and formulas hold and do not show. */
export function* unshownMatches(text: string): Generator<Match> {
  if (/<input\b/iu.test(text)) yield* matches(text, FIELD, 'low', 'a field that forms do not show');
  if (/color\{white\}|phantom\{/u.test(text))
    yield* matches(text, TEX, 'medium', 'letters that a formula does not show');
}

function* matches(text: string, pattern: RegExp, severity: 'low' | 'medium', reason: string): Generator<Match> {
  for (const { 0: whole, index, groups } of text.matchAll(pattern)) {
    const said = groups?.['double'] ?? groups?.['single'] ?? groups?.['argument'] ?? groups?.['rest'] ?? '';
    const start = index + whole.lastIndexOf(said);
    const conceals = [start, start + said.length] as const;
    yield {
      rule: 'invisible.unshown',
      severity,
      start: index,
      end: index + whole.length,
      reason,
      isKept: true,
      conceals,
    };
  }
}
