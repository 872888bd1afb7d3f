import { appendPointer, isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

interface Frame {
  readonly outer: Frame | undefined;
  /** Its own place in `outer`. */
  readonly key: string | number;
  readonly container: JsonObject | readonly JsonValue[];
  readonly names: readonly string[] | undefined;
  readonly length: number;
  next: number;
  copy: Record<string, JsonValue> | JsonValue[] | undefined;
}

/** From how large on numbers are read like text: shorter ones are no card, phone or account number. */
const LONG_NUMBER = 1e8;

/** Names of members that only say that they hold a value, and those whose value says what of: `{name: 'API_KEY', value: '…'}`. */
const PAIR_VALUES: ReadonlySet<string> = new Set([
  'value',
  'Value',
  'val',
  'stringValue',
  'defaultValue',
  'currentValue',
]);
const PAIR_NAMES = ['name', 'Name', 'key', 'Key', 'variable', 'header', 'field', 'label', 'option', 'param'] as const;

/** From how many characters on what stands under one is a text, and no name. */
const LONG_PAIR_NAME = 80;

/**
 * A cursor over every string of a value, names of members included, in document order, however deep it nests: without recursion, and
 * without an object for each string. Numbers that are long enough to mean more than an amount are read too. What is replaced is
 * changed in a copy, and only the containers around it are copied.
 */
export class StringWalk {
  /** The string under the cursor, or the number, written out. */
  text = '';
  part: 'value' | 'name' = 'value';
  isNumber = false;
  /** The name of the member it belongs to; undefined for items of arrays and the top. */
  field: string | undefined;
  /** Containers and scalars seen so far. */
  nodes = 0;
  /** Levels of nesting seen so far. */
  depth = 0;
  readonly #root: JsonValue;
  #replaced: JsonValue | undefined;
  #frame: Frame | undefined;
  #key: string | number | undefined;
  #level = 0;

  constructor(root: JsonValue) {
    this.#root = root;
  }

  /** The value with what was replaced; the value itself when nothing was. */
  get result(): JsonValue {
    return this.#replaced ?? this.#root;
  }

  /** Moves to the next string; false when there is none. */
  next(): boolean {
    if (this.nodes === 0) return this.#begin();
    if (this.part === 'name' && this.#frame !== undefined && this.#readValue(this.#frame)) return true;
    while (this.#frame !== undefined) {
      const frame: Frame = this.#frame;
      if (frame.next === frame.length) {
        this.#frame = frame.outer;
        this.#level -= 1;
        continue;
      }
      this.nodes += 1;
      const name = frame.names?.[frame.next];
      if (name !== undefined) return this.#readName(name);
      this.#key = frame.next;
      this.field = undefined;
      if (this.#readValue(frame)) return true;
    }
    return false;
  }

  /** JSON pointer (RFC 6901) of the value under the cursor, or of the member whose name it is. */
  pointer(): string {
    return pointerTo(this.#frame, this.#key);
  }

  /** {@link pointer} for later, when the cursor is elsewhere: it takes work in proportion to the depth, and is seldom asked for. */
  get place(): () => string {
    const frame = this.#frame;
    const key = this.#key;
    return () => pointerTo(frame, key);
  }

  /** The names and indexes that lead to it, outermost first. */
  path(): readonly (string | number)[] {
    return pathTo(this.#frame, this.#key);
  }

  /**
   * What its value is called: the name of its member, or, where that says no more than `value`, what stands beside it under `name`, `key` and
   * the like.
   */
  get label(): string | undefined {
    const { field } = this;
    if (field === undefined || this.part === 'name' || !PAIR_VALUES.has(field)) return field;
    const { holder } = this;
    if (holder === undefined) return field;
    for (const name of PAIR_NAMES) {
      const named = own(holder, name);
      if (typeof named === 'string' && named.length < LONG_PAIR_NAME) return named;
    }
    return field;
  }

  /** The object whose member is under the cursor, where it is one's. */
  get holder(): JsonObject | undefined {
    const container: JsonValue | undefined = this.#frame?.container;
    return isJsonObject(container) ? container : undefined;
  }

  /**
   * Puts `replacement` in the place of the value under the cursor, in the copy that `result` returns.
   *
   * @throws {TypeError} when the cursor is at a name: a name stands for what it names
   */
  replace(replacement: JsonValue): void {
    if (this.part === 'name') throw new TypeError('part: expected a value, got a name');
    if (this.#key === undefined || this.#frame === undefined) this.#replaced = replacement;
    else set(this.#copyOf(this.#frame), this.#key, replacement);
  }

  #begin(): boolean {
    this.nodes = 1;
    if (this.#read(this.#root)) return true;
    this.#open(this.#root, '');
    return this.next();
  }

  #readName(name: string): true {
    this.#key = name;
    this.field = name;
    this.text = name;
    this.part = 'name';
    this.isNumber = false;
    return true;
  }

  /** Reads the value whose name was read, or the next item of an array; false when it is no string. */
  #readValue(frame: Frame): boolean {
    const key = this.#key ?? '';
    frame.next += 1;
    this.part = 'value';
    const value = (frame.container as Readonly<Record<string | number, JsonValue>>)[key] ?? null;
    if (this.#read(value)) return true;
    this.#open(value, key);
    return false;
  }

  #read(value: JsonValue): boolean {
    if (typeof value === 'string') {
      this.text = value;
      this.isNumber = false;
      return true;
    }
    if (typeof value !== 'number' || Math.abs(value) < LONG_NUMBER || !Number.isSafeInteger(value)) return false;
    this.text = String(value);
    this.isNumber = true;
    return true;
  }

  #open(value: JsonValue, key: string | number): void {
    if (value === null || typeof value !== 'object') return;
    const names = Array.isArray(value) ? undefined : Object.keys(value);
    const length = names?.length ?? (value as readonly JsonValue[]).length;
    if (length === 0) return;
    const container = value;
    this.#frame = { outer: this.#frame, key, container, names, length, next: 0, copy: undefined };
    this.#level += 1;
    if (this.#level > this.depth) this.depth = this.#level;
  }

  /** The copy of a container, linked into the copies around it. */
  #copyOf(frame: Frame): Record<string, JsonValue> | JsonValue[] {
    const first = copied(frame);
    let inner = frame;
    let copy = first;
    while (inner.outer !== undefined) {
      const { outer } = inner;
      const isLinked = outer.copy !== undefined;
      const around = copied(outer);
      set(around, inner.key, copy);
      if (isLinked) return first;
      inner = outer;
      copy = around;
    }
    this.#replaced = copy as JsonValue;
    return first;
  }
}

function pathTo(frame: Frame | undefined, key: string | number | undefined): readonly (string | number)[] {
  if (key === undefined) return [];
  const path = [key];
  for (let at = frame; at?.outer !== undefined; at = at.outer) path.push(at.key);
  return path.toReversed();
}

function pointerTo(frame: Frame | undefined, key: string | number | undefined): string {
  return pathTo(frame, key).reduce<string>((pointer, token) => appendPointer(pointer, token), '');
}

function copied(frame: Frame): Record<string, JsonValue> | JsonValue[] {
  frame.copy ??= Array.isArray(frame.container)
    ? (frame.container as readonly JsonValue[]).slice()
    : { ...(frame.container as JsonObject) };
  return frame.copy;
}

/** Defines: an assignment to `__proto__` would change the prototype. */
function set(container: Record<string, JsonValue> | JsonValue[], key: string | number, value: JsonValue): void {
  Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });
}
