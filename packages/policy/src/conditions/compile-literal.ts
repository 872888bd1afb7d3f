import { constantOf, gotWords, unusable, type Compilation, type Compiled } from './compilation.ts';
import type { ExpressionOf } from './expression.ts';
import {
  ANY,
  BOOL,
  DOUBLE,
  INT,
  LIST,
  MAP,
  NULL,
  STRING,
  comparable,
  kindsWords,
  typeOfKinds,
  union,
} from './static-type.ts';
import { Failure, type Value } from './value.ts';

export function compileLiteral({ value }: ExpressionOf<'literal'>): Compiled {
  if (value === null) return constantOf(typeOfKinds(NULL), value);
  return constantOf(typeOfKinds(typeof value === 'string' ? STRING : BOOL), value);
}

export function compileNumber({ value, isInteger }: ExpressionOf<'number'>): Compiled {
  return constantOf(typeOfKinds(isInteger ? INT : DOUBLE), value);
}

/** `[a, b]`. The items have to be of one kind, so that a typing slip does not make a list that nothing is in. */
export function compileList(node: ExpressionOf<'list'>, compilation: Compilation): Compiled {
  const items = node.items.map((item) => compilation.compile(item));
  let common = ~0;
  for (const [index, item] of items.entries()) {
    const kinds = comparable(item.type.kinds);
    const place = node.items[index] ?? node;
    if ((common & kinds) === 0) {
      compilation.issues.add(place, `${kindsWords(common)}, as the items before`, gotWords(compilation, place, item));
      return unusable();
    }
    common &= kinds;
  }
  const itemType = items.length === 0 ? ANY : union(items.map((item) => item.type));
  return {
    type: { kinds: LIST, items: () => itemType },
    run: (input, scope) => {
      const values: Value[] = [];
      for (const item of items) {
        const value = item.run(input, scope);
        if (value instanceof Failure) return value;
        values.push(value);
      }
      return values;
    },
  };
}

/** `{"a": x}`. Keys are string literals, each once: objects of JSON have no others. */
export function compileMap(node: ExpressionOf<'map'>, compilation: Compilation): Compiled {
  const entries = new Map<string, Compiled>();
  for (const [key, value] of node.entries) {
    const compiled = compilation.compile(value);
    if (key.kind !== 'literal' || typeof key.value !== 'string') {
      compilation.issues.add(key, 'a string in quotes as key', 'something else');
    } else if (entries.has(key.value)) {
      compilation.issues.add(key, 'each key once', 'a key that is there already');
    } else {
      entries.set(key.value, compiled);
    }
  }
  return {
    type: {
      kinds: MAP,
      members: {
        find: (name) => {
          const entry = entries.get(name);
          return entry === undefined ? undefined : { type: entry.type, presence: 'always' };
        },
        names: () => [...entries.keys()],
        each: entries.size === 0 ? ANY : union([...entries.values()].map((entry) => entry.type)),
      },
    },
    run: (input, scope) => {
      const values: [string, Value][] = [];
      for (const [key, entry] of entries) {
        const value = entry.run(input, scope);
        if (value instanceof Failure) return value;
        values.push([key, value]);
      }
      return Object.fromEntries(values);
    },
  };
}
