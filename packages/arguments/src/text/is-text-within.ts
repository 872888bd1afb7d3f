import { isSubset } from '../internal/prove-within.ts';
import type { CompiledText } from './compiled-text.ts';

/** Whether the two specifications prove, dimension by dimension, that every text of `inner` passes `outer`. */
export function isTextWithin(inner: CompiledText, outer: CompiledText): boolean {
  const mine = inner.specification;
  const theirs = outer.specification;
  return (
    inner.minLength >= outer.minLength &&
    inner.maxLength <= outer.maxLength &&
    inner.lines <= outer.lines &&
    inner.marks <= outer.marks &&
    isSubset(mine.scripts, theirs.scripts) &&
    (theirs.encoded === 'allow' || mine.encoded !== 'allow') &&
    (theirs.mixedScripts === 'allow' || mine.mixedScripts !== 'allow') &&
    (theirs.normalization !== 'nfc' || mine.normalization === 'nfc') &&
    (theirs.urls !== 'deny' || mine.urls === 'deny') &&
    (theirs.html !== 'deny' || mine.html === 'deny')
  );
}
