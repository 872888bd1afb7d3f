import { compileNameGlob } from './glob.ts';

/** A name that both patterns match, in which `*` is any run of characters; undefined where there is none. */
export function nameOfBoth(left: string, right: string): string | undefined {
  if (!left.includes('*')) return compileNameGlob(right)(left) ? left : undefined;
  if (!right.includes('*')) return compileNameGlob(left)(right) ? right : undefined;
  const [first, second] = [partsOf(left), partsOf(right)];
  const prefix = longerOf(first.prefix, second.prefix, (long, short) => long.startsWith(short));
  const suffix = longerOf(first.suffix, second.suffix, (long, short) => long.endsWith(short));
  // what lies between can stand one after the other: the wildcards of each take in what is the other's
  return prefix === undefined || suffix === undefined ? undefined : prefix + first.middle + second.middle + suffix;
}

function partsOf(pattern: string): { readonly prefix: string; readonly middle: string; readonly suffix: string } {
  const first = pattern.indexOf('*');
  const last = pattern.lastIndexOf('*');
  const middle = pattern.slice(first, last).replaceAll('*', '');
  return { prefix: pattern.slice(0, first), middle, suffix: pattern.slice(last + 1) };
}

function longerOf(left: string, right: string, covers: (long: string, short: string) => boolean): string | undefined {
  const [long, short] = left.length >= right.length ? [left, right] : [right, left];
  return covers(long, short) ? long : undefined;
}
