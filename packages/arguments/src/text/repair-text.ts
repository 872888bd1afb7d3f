import type { CompiledText } from './compiled-text.ts';
import { findHidden } from './find-hidden.ts';

/** The longest text that is mended, in UTF-16 code units. */
const MAX_MENDED = 200_000;

/** Texts near `text`: without hidden characters, in lines and length as wanted. */
export function repairText(text: string, compiled: CompiledText): readonly string[] {
  const clean = withoutHidden(text.slice(0, MAX_MENDED));
  const inLines = clean.split('\n').length > compiled.lines ? clean.replaceAll('\n', ' ') : clean;
  const normal = withoutMarks(inLines, compiled.marks).normalize('NFC');
  const plain = normal
    .replaceAll(/<[^<>]{0,200}>|&#?[a-z0-9]{1,32};|%[0-9a-f]{2}|\\[ux][0-9a-f{}]{2,8}|=\?|\?=/giu, '')
    .replaceAll(/[<&\\]|:\/\//gu, ' ');
  const texts = [clean, inLines, normal, plain].map((candidate) => cut(candidate, compiled.maxLength));
  return [...new Set([...texts, ...compiled.samples()])].slice(0, 16);
}

function withoutHidden(text: string): string {
  let kept = '';
  let from = 0;
  for (const { code, start, end } of findHidden(text)) {
    kept += text.slice(from, start) + (code === 'text.line_separator' ? '\n' : '');
    from = end;
  }
  return kept + text.slice(from);
}

/** Runs of marks cut to `most`. */
function withoutMarks(text: string, most: number): string {
  return text.replaceAll(/\p{M}+/gu, (run) => cut(run, most));
}

/** The first `most` code points. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return Array.from(text.slice(0, most * 2))
    .slice(0, most)
    .join('');
}
