import type { KeyPart } from '@callgate/policy';

import type { CallFacts } from './call-facts.ts';
import type { Keys } from './reducer.ts';

/**
 * The keys of a call by `parts`: one, or where a part is `run` one for each run that the call is part of.
 *
 * Tools are named without their server. Arguments are digests.
 */
export function readKeys(parts: readonly KeyPart[], facts: CallFacts): Keys {
  return facts.keys.of(parts).read(facts);
}

/** Whether {@link readKeys} would find what it needs. It makes no digest. */
export function canReadKeys(parts: readonly KeyPart[], facts: CallFacts): boolean {
  return parts.every((part) => hasPart(part, facts));
}

/** Lists of parts that are kept apart. Beyond it, equal ones of new policies are read anew. */
const MAX_READERS = 1000;

/** Reads the keys of calls, one reader for each list of parts, so that a key is read once however many controls keep count by it. */
export class KeyReaders {
  /** Each list of parts is part of a compiled control. */
  readonly #byParts = new WeakMap<readonly KeyPart[], KeyReader>();
  readonly #byText = new Map<string, KeyReader>();
  #numbers = 0;

  /** Numbers the calls. */
  nextNumber(): number {
    this.#numbers += 1;
    return this.#numbers;
  }

  of(parts: readonly KeyPart[]): KeyReader {
    const known = this.#byParts.get(parts);
    if (known !== undefined) return known;
    const reader = this.#equalTo(parts);
    this.#byParts.set(parts, reader);
    return reader;
  }

  #equalTo(parts: readonly KeyPart[]): KeyReader {
    const text = JSON.stringify(parts);
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    if (this.#byText.size === MAX_READERS) this.#byText.clear();
    const reader = new KeyReader(parts);
    this.#byText.set(text, reader);
    return reader;
  }
}

/** Key texts that a reader has at hand. */
const MAX_KNOWN = 1000;

/** Keys by the texts of the parts, one level for each. */
type KnownKeys = Map<string, KnownKeys | Keys>;

/** Reads keys by one list of parts. */
class KeyReader {
  readonly #parts: readonly KeyPart[];
  /** The call that was read last, by its number: nothing of it is kept but its keys. */
  #number = 0;
  #last: Keys = NO_KEYS;
  /** Runs, servers and tools come again and again, arguments seldom: undefined where one of the parts is of arguments. */
  readonly #known: KnownKeys | undefined;
  #knownCount = 0;

  constructor(parts: readonly KeyPart[]) {
    this.#parts = parts;
    this.#known = parts.some(isOfArguments) ? undefined : new Map();
  }

  read(facts: CallFacts): Keys {
    if (this.#number === facts.number) return this.#last;
    const keys = this.#readAnew(facts);
    this.#number = facts.number;
    this.#last = keys;
    return keys;
  }

  #readAnew(facts: CallFacts): Keys {
    return this.#known === undefined || facts.call.runs.length !== 1
      ? readKeysAnew(this.#parts, facts)
      : this.#readKnown(this.#known, facts);
  }

  #readKnown(known: KnownKeys, facts: CallFacts): Keys {
    let level: KnownKeys | Keys | undefined = known;
    for (const part of this.#parts) {
      const text = readPart(part, facts);
      if (text === undefined) return absent(part);
      level = level instanceof Map ? level.get(text) : undefined;
    }
    return level === undefined || level instanceof Map ? this.#remember(known, facts) : level;
  }

  #remember(known: KnownKeys, facts: CallFacts): Keys {
    const keys = readKeysAnew(this.#parts, facts);
    if (this.#knownCount === MAX_KNOWN) {
      known.clear();
      this.#knownCount = 0;
    }
    this.#knownCount += 1;
    let level = known;
    for (const [index, part] of this.#parts.entries()) {
      const text = readPart(part, facts) ?? '';
      if (index === this.#parts.length - 1) level.set(text, keys);
      else level = levelBelow(level, text);
    }
    return keys;
  }
}

const NO_KEYS: Keys = { ok: true, keys: [] };

function levelBelow(level: KnownKeys, text: string): KnownKeys {
  const below = level.get(text);
  if (below instanceof Map) return below;
  const added: KnownKeys = new Map();
  level.set(text, added);
  return added;
}

function isOfArguments({ by }: KeyPart): boolean {
  return by === 'arguments' || by === 'argument';
}

function readKeysAnew(parts: readonly KeyPart[], facts: CallFacts): Keys {
  let before = '';
  for (const [index, part] of parts.entries()) {
    if (part.by === 'run') return readRunKeys(before, parts.slice(index + 1), facts);
    const text = readPart(part, facts);
    if (text === undefined) return absent(part);
    before += `${text.length}:${text}`;
  }
  return { ok: true, keys: [before] };
}

function readRunKeys(before: string, rest: readonly KeyPart[], facts: CallFacts): Keys {
  let after = '';
  for (const part of rest) {
    // A run twice is the same run.
    const text = part.by === 'run' ? '' : readPart(part, facts);
    if (text === undefined) return absent(part);
    if (part.by !== 'run') after += `${text.length}:${text}`;
  }
  const { runs } = facts.call;
  if (runs.length === 0) return { ok: false, message: 'expected a call with a run, got one without' };
  const keys: string[] = [];
  for (const run of runs) {
    const key = `${before}${run.length}:${run}${after}`;
    if (!keys.includes(key)) keys.push(key);
  }
  return { ok: true, keys };
}

function absent(part: KeyPart): Keys {
  const what = part.by === 'argument' ? `the argument \`${part.pointer}\`` : `a known ${part.by}`;
  return { ok: false, message: `expected ${what} to keep count by, got none` };
}

/** Whether {@link readPart} would find it. */
export function hasPart(part: KeyPart, facts: CallFacts): boolean {
  if (part.by === 'arguments') return true;
  return (part.by === 'argument' ? facts.argument(part.pointer) : readPart(part, facts)) !== undefined;
}

/** What a part of a key reads as, or undefined where the call does not say. For `run` the innermost. */
export function readPart(part: KeyPart, facts: CallFacts): string | undefined {
  const { call } = facts;
  switch (part.by) {
    case 'run':
      return call.runs[0];
    case 'server':
      return call.server;
    case 'tool':
      return call.tool;
    case 'environment':
      return facts.environment;
    case 'user':
      return call.principal.user;
    case 'agent':
      return call.principal.agent;
    case 'workload':
      return call.principal.workload;
    case 'team':
      return call.principal.team;
    case 'tenant':
      return call.principal.tenant;
    case 'arguments':
      return facts.argumentsDigest(part.volatile);
    case 'argument':
      return facts.argumentDigest(part.pointer);
  }
}
