import { isJsonObject, own, type Instant, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { Call, ServerIdentity } from '../call.ts';
import { withMember, withoutMember } from '../compare/object-members.ts';

/** A call and when it is decided: all that can be changed to get another decision. */
export interface Situation {
  readonly call: Call;
  readonly now: Instant | undefined;
}

/** Which member of the params holds the name, and which what rules call `arguments`; undefined: the params as a whole. */
export function namedAs({ method, direction }: Call): 'tool' | 'prompt' | undefined {
  if (direction !== 'client-to-server') return undefined;
  if (method === 'tools/call') return 'tool';
  return method === 'prompts/get' ? 'prompt' : undefined;
}

/** The situation as one object, whose members are the first names of the places that changes are at. */
export function factsOf({ call, now }: Situation): JsonObject {
  const { server, principal, run, identity } = call;
  const kind = namedAs(call);
  const params: JsonObject = isJsonObject(call.params) ? call.params : {};
  const facts: readonly (readonly [string, unknown])[] = [
    ['server', server],
    ['identity', identity],
    ...(kind === undefined ? [['params', params] as const] : [[kind, own(params, 'name')] as const]),
    ...(kind === undefined ? [] : [['arguments', own(params, 'arguments')] as const]),
    ['principal', principal],
    ['run', run],
    ['now', now],
  ];
  return Object.fromEntries(facts.filter(([, value]) => value !== undefined)) as JsonObject;
}

/** The situation with its facts replaced; what facts do not tell stays. */
export function withFacts(situation: Situation, facts: JsonObject): Situation {
  const { call } = situation;
  const kind = namedAs(call);
  const text = (name: string): string | undefined => {
    const value = own(facts, name);
    return typeof value === 'string' ? value : undefined;
  };
  const now = own(facts, 'now');
  const { identity: _, run: __, ...rest } = call;
  const [identity, run] = [own(facts, 'identity'), text('run')];
  return {
    call: {
      ...rest,
      server: text('server') ?? call.server,
      params: kind === undefined ? objectOf(own(facts, 'params')) : namedParams(call.params, facts, kind),
      principal: objectOf(own(facts, 'principal')),
      ...(run === undefined ? {} : { run }),
      ...(identity === undefined ? {} : { identity: identity as unknown as ServerIdentity }),
    },
    now: typeof now === 'number' ? now : undefined,
  };
}

function namedParams(params: JsonObject, facts: JsonObject, kind: string): JsonObject {
  const [name, args] = [own(facts, kind), own(facts, 'arguments')];
  const named = name === undefined ? withoutMember(params, 'name') : withMember(params, 'name', name);
  return args === undefined ? withoutMember(named, 'arguments') : withMember(named, 'arguments', args);
}

function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** The situation with one fact replaced; undefined leaves it out. */
export function withFact(situation: Situation, name: string, value: JsonValue | undefined): Situation {
  const facts = factsOf(situation);
  return withFacts(situation, value === undefined ? withoutMember(facts, name) : withMember(facts, name, value));
}

/** The situation with other arguments; of messages without arguments, with other params. */
export function withArguments(situation: Situation, args: JsonObject): Situation {
  return withFact(situation, namedAs(situation.call) === undefined ? 'params' : 'arguments', args);
}
