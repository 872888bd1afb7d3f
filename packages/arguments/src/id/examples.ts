import type { IdRules } from './compile-rules.ts';

const SIGNS = 'azAZ09_-.:/@~!';

/** Identifiers most of which pass, plain ones first, those at bounds among them. */
export function* candidateIds(rules: IdRules): Generator<string> {
  for (const body of bodies(rules)) yield rules.prefix + body;
}

function* bodies(rules: IdRules): Generator<string> {
  if (rules.name === 'uuid') {
    yield* uuids(rules);
    return;
  }
  const { minLength, maxLength } = rules;
  if (rules.name === 'integer') yield* integers(rules);
  const first = ['a', 'A', '0', ...rules.alphabet].find((character) => rules.alphabet.has(character)) ?? 'a';
  for (const length of new Set([
    minLength,
    Math.min(minLength + 7, maxLength),
    maxLength,
    maxLength - 1,
    minLength + 1,
  ])) {
    for (const fill of ['0', '1', first]) yield fill.repeat(Math.max(length, 1));
  }
  const length = Math.max(minLength, Math.min(3, maxLength));
  for (const sign of new Set([...SIGNS.split(''), ...rules.alphabet])) {
    yield around(first, sign, length);
    yield sign.repeat(length);
    yield sign + first.repeat(Math.max(length - 1, 0));
  }
}

/** The sign among others, neither first nor last where there is room. */
function around(first: string, sign: string, length: number): string {
  const before = first.repeat(Math.floor(Math.max(length - 1, 0) / 2));
  return before + sign + first.repeat(Math.max(length - 1 - before.length, 0));
}

function* uuids(rules: IdRules): Generator<string> {
  for (const version of ['4', '7', '1', '2', '3', '5', '6', '8', '0', '9']) {
    const uuid = `0a1b2c3d-4e5f-${version}a6b-8c7d-0e1f2a3b4c5d`;
    yield rules.case === 'upper' ? uuid.toUpperCase() : uuid;
    yield uuid;
    yield uuid.toUpperCase();
    yield uuid.replaceAll(/[a-f]/gu, '0');
  }
}

function* integers(rules: IdRules): Generator<string> {
  const { minimum, maximum } = rules;
  const bounds = maximum === undefined ? [minimum] : [minimum, maximum];
  for (const bound of bounds) yield* [bound, bound + 1n, bound - 1n].filter((value) => value >= 0n).map(String);
  yield* ['0', '1', '42', '1000', '9007199254740993'];
}

/** Texts that are near to passing. */
export function* idsBeyond(rules: IdRules): Generator<string> {
  const { prefix, minLength, maxLength } = rules;
  const [plain = 'a'] = bodies(rules);
  yield* ['', prefix, plain, `${prefix}${plain}`.toUpperCase(), `${prefix}${plain}`.toLowerCase()];
  yield* ['00000000-0000-0000-0000-000000000000', 'ffffffff-ffff-ffff-ffff-ffffffffffff', '01', '-1', '+1', '1.0'];
  yield prefix + '1'.repeat(maxLength + 1);
  yield prefix + '1'.repeat(minLength - 1);
  yield* [`${prefix}${plain}\u0430`, ` ${prefix}${plain}`, `${prefix}${plain}\n`, '..', 'a/../b', `x${prefix}${plain}`];
}

const MOST_TEXT = 4096;

/** Identifiers near one that does not pass. */
export function* idsNear(value: string | number, rules: IdRules): Generator<string> {
  const { prefix, maxLength } = rules;
  const text = String(value).slice(0, MOST_TEXT).normalize('NFKC').trim();
  const starts = text.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase();
  const body = starts ? text.slice(prefix.length) : text;
  for (const variant of [body, body.toLowerCase(), body.toUpperCase()]) {
    yield prefix + variant;
    const kept = Array.from(variant)
      .filter((character) => rules.alphabet.has(character))
      .join('');
    const plain = kept.replaceAll(/^[-_]+|[-_]+$|(?<=[-_])[-_]+/gu, '').replaceAll(/\.+/gu, '.');
    yield prefix + plain.slice(0, maxLength);
    if (rules.name === 'integer') yield prefix + withinRange(plain.replace(/^0+(?=.)/u, '').slice(0, maxLength), rules);
    yield prefix + plain.slice(0, maxLength).padEnd(rules.minLength, '0');
  }
}

function withinRange(digits: string, rules: IdRules): string {
  const value = BigInt(digits === '' ? '0' : digits);
  if (value < rules.minimum) return String(rules.minimum);
  return String(rules.maximum !== undefined && value > rules.maximum ? rules.maximum : value);
}
