import type { IdRules } from './compile-rules.ts';

/** Whether it is proved that every identifier that passes `inner` passes `outer`. */
export function isIdCovered(inner: IdRules, outer: IdRules): boolean {
  if (inner.name === outer.name && inner.prefix === outer.prefix) return isOfSameFormat(inner, outer);
  return isFree(outer) && isSpelledBy(inner, outer);
}

function isOfSameFormat(inner: IdRules, outer: IdRules): boolean {
  return (
    isSubset(inner.alphabet, outer.alphabet) &&
    isWithin(inner, outer, 0) &&
    (outer.structure === undefined || inner.structure !== undefined || startsPlainly(inner)) &&
    (outer.versions === undefined || (inner.versions !== undefined && isSubset(inner.versions, outer.versions))) &&
    inner.minimum >= outer.minimum &&
    (outer.maximum === undefined || (inner.maximum !== undefined && inner.maximum <= outer.maximum))
  );
}

/** Whether nothing but characters and lengths matters, besides the first character and dots. */
function isFree(rules: IdRules): boolean {
  return rules.name === 'token' || rules.structure === undefined;
}

/** Whether what `inner` has behind the prefix of `outer` is spelled with characters of `outer`. */
function isSpelledBy(inner: IdRules, outer: IdRules): boolean {
  if (!inner.prefix.startsWith(outer.prefix)) return false;
  const between = inner.prefix.slice(outer.prefix.length);
  const characters = new Set([...between.split(''), ...inner.alphabet]);
  if (characters.has('.') || !isSubset(characters, outer.alphabet) || !isWithin(inner, outer, between.length))
    return false;
  if (outer.structure === undefined) return true;
  return between === '' ? startsPlainly(inner) : outer.structure.test(between);
}

/** Whether every identifier begins with a letter or digit behind the prefix. */
function startsPlainly(rules: IdRules): boolean {
  if (rules.structure !== undefined) return true;
  return [...rules.alphabet].every((character) => /[A-Za-z0-9]/u.test(character));
}

function isWithin(inner: IdRules, outer: IdRules, more: number): boolean {
  return inner.minLength + more >= outer.minLength && inner.maxLength + more <= outer.maxLength;
}

function isSubset<Item>(inner: ReadonlySet<Item>, outer: ReadonlySet<Item>): boolean {
  return [...inner].every((item) => outer.has(item));
}
