import type { MemberReader, Variable } from './compilation.ts';
import type { ConditionInput } from './condition.ts';
import { ANY, INT, MAP, STRING, TIMESTAMP, listOf, typeOfKinds, type StaticType } from './static-type.ts';
import { Failure, Timestamp, memberOf, type Evaluate, type Members } from './value.ts';

const TEXT = typeOfKinds(STRING);

/** The members of what is not the arguments. They are never reported as uncertain: which are absent is documented. */
const KNOWN: Readonly<Record<string, StaticType>> = {
  server: closed({ name: TEXT, trust: oneOf('internal', 'external') }),
  tool: closed({
    name: TEXT,
    ring: typeOfKinds(INT),
    effect: oneOf('read', 'write', 'destructive'),
    labels: listOf(TEXT),
  }),
  call: closed({ method: TEXT, direction: oneOf('client-to-server', 'server-to-client') }),
  principal: closed({ user: TEXT, agent: TEXT, workload: TEXT, team: TEXT, tenant: TEXT, roles: listOf(TEXT) }),
  run: closed({ id: TEXT }),
};

const NO_TOOL = new Failure('missing', 'no `tool`: the message is not a call of a tool');
const NO_RUN = new Failure('missing', 'no `id` in `run`: the call belongs to no run');
const NO_TIME = new Failure('now', 'no `now`: the call came without a time');

const MEMBERS: Readonly<Record<string, (field: string) => MemberReader>> = {
  server: (field) => memberReader('server', field, (input) => input.server),
  principal: (field) => memberReader('principal', field, (input) => input.principal),
  tool: (field) => {
    const { read, has } = memberReader('tool', field, (input) => input.tool ?? {});
    return {
      read: (input, scope) => (input.tool === undefined ? NO_TOOL : read(input, scope)),
      has: (input, scope) => (input.tool === undefined ? NO_TOOL : has(input, scope)),
    };
  },
  call: (field) => ({
    read: field === 'method' ? (input) => input.method : (input) => input.direction,
    has: () => true,
  }),
  run: () => ({ read: (input) => input.run ?? NO_RUN, has: (input) => input.run !== undefined }),
};

export const VARIABLE_NAMES: readonly string[] = ['arguments', 'now', ...Object.keys(KNOWN)].toSorted();

/** A variable of every condition; undefined where there is none of that name. */
export function variableNamed(
  name: string,
  argumentsType: StaticType,
  noteRead: (name: string) => void,
): Variable | undefined {
  if (VARIABLE_NAMES.includes(name)) noteRead(name);
  if (name === 'arguments') return { type: argumentsType, run: (input) => input.arguments, isPath: true };
  if (name === 'now') {
    return { type: typeOfKinds(TIMESTAMP), run: readTime, isPath: true };
  }
  const type = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined;
  const member = MEMBERS[name];
  return type === undefined || member === undefined ? undefined : { type, run: undefined, member, isPath: true };
}

function readTime(input: ConditionInput): Timestamp | Failure {
  const { now } = input;
  return now === undefined || !Number.isSafeInteger(now) ? NO_TIME : new Timestamp(now, 0);
}

function memberReader(variable: string, field: string, whole: (input: ConditionInput) => object): MemberReader {
  const missing = new Failure('missing', `no \`${field}\` in \`${variable}\``);
  const read: Evaluate = (input) => memberOf(whole(input) as Members, field) ?? missing;
  return { read, has: (input, scope) => read(input, scope) !== missing };
}

function closed(members: Readonly<Record<string, StaticType>>): StaticType {
  const names = Object.keys(members);
  const named = new Map(Object.entries(members));
  return {
    kinds: MAP,
    members: {
      find: (name) => {
        const type = named.get(name);
        return type === undefined ? undefined : { type, presence: 'always' };
      },
      names: () => names,
      each: ANY,
    },
  };
}

function oneOf(...values: readonly string[]): StaticType {
  return { kinds: STRING, values };
}
