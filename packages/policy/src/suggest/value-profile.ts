import {
  appendPointer,
  isJsonArray,
  isJsonObject,
  type JsonArray,
  type JsonObject,
  type JsonValue,
} from '@callgate/canonical';

import type { ArgumentSchema, ValueSchema, ValueType } from '../document/types.ts';
import type { ArgumentKind } from '../kinds/kind.ts';
import { KindLearner } from './kind-learner.ts';
import { MONEY_PLAN } from './kind-plans.ts';
import type { Learned } from './learned.ts';
import { isListableName } from './listable.ts';
import { NumberProfile } from './number-profile.ts';
import type { PolicyNote } from './suggestion.ts';
import { TextProfile } from './text-profile.ts';

/** Names of one object that are told apart; those beyond share one schema. */
const MAX_NAMES = 64;

/** Levels of objects and arrays that are looked into. */
const MAX_DEPTH = 8;

/** What the profiles of one tool share. */
export interface ProfileContext {
  readonly kinds: ReadonlyMap<string, ArgumentKind>;
  /** Places that may still be told apart; what comes after is any value. */
  placesLeft: number;
}

/** What profiles are asked with for what they have learned. */
export interface LearnedContext {
  /** How many values a list of values needs at least. */
  readonly leastSupport: number;
  note(note: PolicyNote): void;
  /** How many calls of all tools were made in a role. */
  callsOf(role: string): number;
}

/** What the values at one place of the arguments have in common. Bounded, whatever they are. */
export class ValueProfile {
  seen = 0;
  readonly #name: string;
  readonly #depth: number;
  readonly #context: ProfileContext;
  #isAny: boolean;
  #hasNull = false;
  readonly #booleans = new Set<boolean>();
  #text: TextProfile | undefined;
  #number: NumberProfile | undefined;
  #object: ObjectProfile | undefined;
  #array: { items: ValueProfile; least: number; most: number } | undefined;

  constructor(name: string, context: ProfileContext, depth = 0) {
    this.#name = name;
    this.#context = context;
    this.#depth = depth;
    context.placesLeft -= 1;
    this.#isAny = depth > MAX_DEPTH || context.placesLeft < 0;
  }

  get distinct(): number | undefined {
    return this.#text?.distinct;
  }

  see(value: JsonValue): void {
    this.seen += 1;
    if (this.#isAny) return;
    if (typeof value === 'string') {
      this.#text ??= new TextProfile(this.#name, this.#context.kinds);
      this.#text.see(value);
    } else if (typeof value === 'number') {
      this.#number ??= new NumberProfile(this.#moneyLearner());
      this.#number.see(value);
    } else if (typeof value === 'boolean') {
      this.#booleans.add(value);
    } else if (value === null) {
      this.#hasNull = true;
    } else if (isJsonArray(value)) {
      this.#seeArray(value);
    } else if (isJsonObject(value)) {
      this.#object ??= new ObjectProfile(this.#context, this.#depth + 1);
      this.#object.see(value);
    }
  }

  /** The schema that every value passes. */
  learned(context: LearnedContext, pointer: string): Learned {
    const types = this.#types();
    if (this.#isAny || types.length === 0) {
      return { schema: { type: 'any' }, why: 'too deep or too varied to be told apart: write its schema by hand' };
    }
    if (types.length > 1) return this.#mixed(types, context, pointer);
    if (this.#text !== undefined) return this.#text.learned(context.leastSupport);
    if (this.#number !== undefined) return this.#number.learned();
    if (this.#hasNull) return { schema: { type: 'null' }, why: 'always null' };
    if (this.#booleans.size > 0) return this.#boolean(context);
    const [type = 'any'] = types;
    const schema = { type, ...this.#keywords(context, pointer) };
    return {
      schema,
      why: this.#array === undefined ? 'an object of what was seen in it' : 'lists of what was seen in them',
    };
  }

  #types(): readonly ValueType[] {
    return [
      ...(this.#hasNull ? (['null'] as const) : []),
      ...(this.#booleans.size > 0 ? (['boolean'] as const) : []),
      ...(this.#number === undefined ? [] : [this.#number.type]),
      ...(this.#text === undefined ? [] : (['string'] as const)),
      ...(this.#array === undefined ? [] : (['array'] as const)),
      ...(this.#object === undefined ? [] : (['object'] as const)),
    ];
  }

  #boolean({ leastSupport }: LearnedContext): Learned {
    const [only] = this.#booleans;
    if (this.#booleans.size === 1 && only !== undefined && this.seen >= leastSupport) {
      return { schema: { const: only }, why: `always ${String(only)}` };
    }
    return { schema: { type: 'boolean' }, why: 'true or false' };
  }

  #mixed(types: readonly ValueType[], context: LearnedContext, pointer: string): Learned {
    const values = this.#text?.values(context.leastSupport);
    if (values !== undefined && types.every((type) => type === 'string' || type === 'null')) {
      return { schema: { enum: [...values, null] }, why: 'few values, each seen often enough, and null' };
    }
    return { schema: { type: types, ...this.#keywords(context, pointer) }, why: `values of ${types.length} types` };
  }

  /** The keywords of all its types, each of which bounds values of its own type only. */
  #keywords(context: LearnedContext, pointer: string): ValueSchema {
    const { type: _, ...text } = this.#text?.keywords() ?? {};
    return {
      ...text,
      ...this.#number?.bounds(),
      ...this.#arrayKeywords(context, pointer),
      ...this.#object?.keywords(context, pointer),
    };
  }

  #arrayKeywords(context: LearnedContext, pointer: string): ValueSchema {
    if (this.#array === undefined) return {};
    const { items, least, most } = this.#array;
    const counts = { ...(least === 0 ? {} : { minItems: least }), maxItems: most };
    if (items.seen === 0) return counts;
    return { items: items.learned(context, appendPointer(pointer, 'items')).schema, ...counts };
  }

  #seeArray(value: JsonArray): void {
    this.#array ??= {
      items: new ValueProfile(this.#name, this.#context, this.#depth + 1),
      least: value.length,
      most: value.length,
    };
    this.#array.least = Math.min(this.#array.least, value.length);
    this.#array.most = Math.max(this.#array.most, value.length);
    for (const item of value) this.#array.items.see(item);
  }

  #moneyLearner(): KindLearner | undefined {
    const kind = this.#context.kinds.get(MONEY_PLAN.kind);
    return kind === undefined ? undefined : new KindLearner(kind, MONEY_PLAN, this.#name);
  }
}

/** What the objects at one place have in common. */
export class ObjectProfile {
  #seen = 0;
  readonly #context: ProfileContext;
  readonly #depth: number;
  readonly #properties = new Map<string, ValueProfile>();
  #rest: ValueProfile | undefined;

  constructor(context: ProfileContext, depth: number) {
    this.#context = context;
    this.#depth = depth;
  }

  /** Whether a name was seen that has no schema of its own. */
  get hasRest(): boolean {
    return this.#rest !== undefined;
  }

  /** The properties that have schemas of their own, in the order in which they came. */
  get names(): Iterable<string> {
    return this.#properties.keys();
  }

  property(name: string): ValueProfile | undefined {
    return this.#properties.get(name);
  }

  see(value: JsonObject): void {
    this.#seen += 1;
    for (const [name, item] of Object.entries(value)) this.#profileOf(name).see(item);
  }

  keywords(context: LearnedContext, pointer: string): ValueSchema {
    const properties = this.properties(context, appendPointer(pointer, 'properties'));
    const isEmpty = Object.keys(properties).length === 0;
    const rest =
      this.#rest === undefined
        ? {}
        : { additional: this.#rest.learned(context, appendPointer(pointer, 'additional')).schema };
    return { ...(isEmpty ? {} : { properties }), ...rest };
  }

  /** The schemas of the properties, each with a note. */
  properties(
    context: LearnedContext,
    pointer: string,
    schemaOf: (name: string, learned: Learned) => Learned = (_name, learned) => learned,
  ): Record<string, ArgumentSchema> {
    const schemas: Record<string, ArgumentSchema> = {};
    for (const [name, profile] of this.#properties) {
      const place = appendPointer(pointer, name);
      const { schema, why } = schemaOf(name, profile.learned(context, place));
      const { seen, distinct } = profile;
      context.note({
        pointer: place,
        message: why,
        seen,
        of: this.#seen,
        ...(distinct === undefined ? {} : { distinct }),
      });
      schemas[name] = seen < this.#seen ? { ...schema, optional: true } : schema;
    }
    return schemas;
  }

  #profileOf(name: string): ValueProfile {
    const known = this.#properties.get(name);
    if (known !== undefined) return known;
    if (this.#properties.size >= MAX_NAMES || !isListableName(name)) {
      this.#rest ??= new ValueProfile('', this.#context, this.#depth);
      return this.#rest;
    }
    const profile = new ValueProfile(name, this.#context, this.#depth);
    this.#properties.set(name, profile);
    return profile;
  }
}
