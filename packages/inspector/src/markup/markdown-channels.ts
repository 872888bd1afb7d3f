import type { Match } from '../detector.ts';

/**
 * A link definition that nothing links to, which is how comments are written in Markdown: `[//]: # (text)`, `[comment]: <> "text"`
 * (CommonMark §4.7).
 */
const DEFINITION =
  /^ {0,3}\[(?:\/\/|#|comment|note|hidden|_{1,8}|-{1,8}|[ \t]{0,8})\]:[ \t]*(?:<[^>\n]{0,64}>|[#/]\S{0,64})?(?<text>[^\n]*)/gimu;

/** A picture with a text that is read where the picture is not, or a link with a title that shows when pointed at. */
const TITLED = /!\[(?<alt>[^[\]\n]{80,2048})\]\(|\]\([^()\s]{1,2048}[ \t]+"(?<title>[^"\n]{80,2048})"\)/gu;

/** What Markdown holds and does not show. */
export function* markdownMatches(text: string): Generator<Match> {
  if (text.includes(']:')) {
    for (const { 0: whole, index, groups } of text.matchAll(DEFINITION)) {
      const said = groups?.['text'] ?? '';
      const end = index + whole.length;
      yield {
        rule: 'invisible.markdown-comment',
        severity: 'low',
        start: index,
        end,
        reason: 'a link definition that serves as a comment, which pages do not show',
        isKept: true,
        ...(said === '' ? {} : { conceals: [end - said.length, end] as const }),
      };
    }
  }
  if (!text.includes('](')) return;
  for (const { 0: whole, index, groups } of text.matchAll(TITLED)) {
    const said = groups?.['alt'] ?? groups?.['title'] ?? '';
    const start = index + whole.indexOf(said);
    yield {
      rule: 'invisible.long-alt',
      severity: 'low',
      start: index,
      end: index + whole.length,
      reason: 'a long text that shows only where a picture does not, or when pointed at',
      isKept: true,
      conceals: [start, start + said.length],
    };
  }
}
