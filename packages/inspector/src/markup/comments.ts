import type { Match } from '../detector.ts';

/** Comments of HTML. One that nothing closes goes to the end of the text, as browsers have it (HTML Standard §13.2.5). */
export function* commentMatches(text: string): Generator<Match> {
  for (let start = text.indexOf('<!--'); start !== -1;) {
    const close = text.indexOf('-->', start + 4);
    const end = close === -1 ? text.length : close + 3;
    const conceals = [start + 4, close === -1 ? text.length : close] as const;
    yield {
      rule: 'invisible.comment',
      severity: 'low',
      start,
      end,
      reason: 'a comment, which pages do not show',
      isKept: true,
      ...(conceals[1] > conceals[0] ? { conceals } : {}),
    };
    start = close === -1 ? -1 : text.indexOf('<!--', end);
  }
}
