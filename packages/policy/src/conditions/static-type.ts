export const NULL: number = 1;
export const BOOL: number = 2;
/** A number known to be whole: a literal, a size. Numbers of the call are doubles, whole or not. */
export const INT: number = 4;
export const DOUBLE: number = 8;
export const STRING: number = 16;
export const LIST: number = 32;
export const MAP: number = 64;
export const TIMESTAMP: number = 128;
export const DURATION: number = 256;

export const NUMBER: number = INT | DOUBLE;
const JSON_KINDS = NULL | BOOL | DOUBLE | STRING | LIST | MAP;

/** What is known of an expression's value before any call. */
export interface StaticType {
  /** The kinds it can have, as bits. */
  readonly kinds: number;
  /** What the items of a list can be, looked up when asked for; undefined: any JSON value. */
  readonly items?: (() => StaticType) | undefined;
  /** What the members of a map can be; undefined: anything. */
  readonly members?: MembersType | undefined;
  /** The only strings it can be. */
  readonly values?: readonly string[] | undefined;
}

/** The members of a map, looked up when asked for. */
export interface MembersType {
  /** What is known of a member; undefined where there can be none of that name. */
  readonly find: (name: string) => MemberType | undefined;
  /** The names that are declared. */
  readonly names: () => readonly string[];
  /** What any one of them can be. */
  readonly each: StaticType;
}

export interface MemberType {
  readonly type: StaticType;
  /** `sometimes`: not declared everywhere, or optional. `unknown`: nothing is said about it. */
  readonly presence: 'always' | 'sometimes' | 'unknown';
}

/** Any JSON value. */
export const ANY: StaticType = { kinds: JSON_KINDS };

/** Anything at all, for what could not be checked. */
export const UNKNOWN: StaticType = { kinds: JSON_KINDS | TIMESTAMP | DURATION };

const ANY_MEMBER: MemberType = { type: ANY, presence: 'unknown' };

export const ANY_MEMBERS: MembersType = { find: () => ANY_MEMBER, names: () => [], each: ANY };

const plainTypes = new Map<number, StaticType>();

/** A type of which no more than the kinds is known: the same object for the same kinds. */
export function typeOfKinds(kinds: number): StaticType {
  const known = plainTypes.get(kinds);
  if (known !== undefined) return known;
  const type = Object.freeze({ kinds });
  plainTypes.set(kinds, type);
  return type;
}

export function listOf(items: StaticType): StaticType {
  return { kinds: LIST, items: () => items };
}

/** What is known of the items of a list. */
export function itemsOf(type: StaticType): StaticType {
  return type.items?.() ?? ANY;
}

/** What is known of the members of a map. */
export function membersOf(type: StaticType): MembersType {
  return type.members ?? ANY_MEMBERS;
}

/** What is known of a value that is of one of the types, at least one. */
export function union(types: readonly StaticType[]): StaticType {
  const [first = ANY] = types;
  if (types.length <= 1 || types.every((type) => type === first)) return first;
  return {
    kinds: types.reduce((kinds, type) => kinds | type.kinds, 0),
    items: detail(
      types,
      LIST,
      (type) => type.items,
      (items) => () => union(items.map((item) => item())),
    ),
    members: detail(types, MAP, (type) => type.members, unionOfMembers),
    values: detail(
      types,
      STRING,
      (type) => type.values,
      (values) => [...new Set(values.flat())],
    ),
  };
}

/** Merges a detail of one kind. Only types that can have the kind say something about it; all of these must. */
function detail<Detail>(
  types: readonly StaticType[],
  kind: number,
  read: (type: StaticType) => Detail | undefined,
  merge: (details: readonly Detail[]) => Detail,
): Detail | undefined {
  const concerned = types.filter((type) => (type.kinds & kind) !== 0).map(read);
  const known = concerned.filter((one) => one !== undefined);
  return known.length === 0 || known.length < concerned.length ? undefined : merge(known);
}

/** The members of a map that has one of the shapes. */
function unionOfMembers(shapes: readonly MembersType[]): MembersType {
  return {
    find: (name) => unionOfMember(shapes.map((shape) => shape.find(name))),
    names: () => [...new Set(shapes.flatMap((shape) => shape.names()))],
    each: union(shapes.map((shape) => shape.each)),
  };
}

/** One member of a map that has one of several shapes, from what each of them says of it. */
export function unionOfMember(found: readonly (MemberType | undefined)[]): MemberType | undefined {
  const declared = found.filter((member) => member !== undefined);
  const [first] = declared;
  if (first === undefined) return undefined;
  const isUniform = found.every((member) => member?.presence === first.presence);
  // most tools declare a name alike
  const types = [...new Set(declared.map((member) => member.type))];
  return { type: union(types), presence: isUniform ? first.presence : 'sometimes' };
}

/** The kinds with both kinds of numbers in place of either: what can be compared with each other. */
export function comparable(kinds: number): number {
  return (kinds & NUMBER) === 0 ? kinds : kinds | NUMBER;
}

const WORDS: readonly (readonly [number, string])[] = [
  [NULL, 'null'],
  [BOOL, 'a boolean'],
  [NUMBER, 'a number'],
  [STRING, 'a string'],
  [LIST, 'a list'],
  [MAP, 'an object'],
  [TIMESTAMP, 'a timestamp'],
  [DURATION, 'a duration'],
];

/** Kinds in words: `a string or null`. */
export function kindsWords(kinds: number): string {
  if ((kinds & JSON_KINDS) === JSON_KINDS) return 'any JSON value';
  if (kinds === INT) return 'an integer';
  return WORDS.filter(([bits]) => (kinds & bits) !== 0)
    .map(([, word]) => word)
    .join(' or ');
}
