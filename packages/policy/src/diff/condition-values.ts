import { isJsonObject, own, type JsonObject, type JsonValue } from '@callgate/canonical';

import type { Principal } from '../call.ts';
import { withMember } from '../compare/object-members.ts';
import type { Condition } from '../conditions/condition.ts';
import { atomsOf } from './condition-coverage.ts';

const MAX_CONDITION = 10_000;
const MAX_PATHS = 16;
const MAX_VALUES = 24;
const MAX_SIZE = 2000;

/**
 * Arguments built from what conditions speak of: each path below `arguments` that they read, set to each constant that they name and
 * to values beside it. Conditions are not understood: this only makes calls that are worth trying.
 */
export function conditionArguments(conditions: readonly string[], bases: readonly JsonObject[]): readonly JsonObject[] {
  const text = conditions.join('\n').slice(0, MAX_CONDITION);
  const paths = [
    ...new Set(
      [...text.matchAll(/\barguments((?:\.[A-Za-z_][A-Za-z0-9_]*(?![A-Za-z0-9_(]))+)/gu)].map(([, path]) => path ?? ''),
    ),
  ];
  if (paths.length === 0) return [];
  const values = constantsIn(text);
  return (bases.length === 0 ? [{}] : bases).flatMap((base) =>
    paths.slice(0, MAX_PATHS).flatMap((path) => values.map((value) => setPath(base, path.slice(1).split('.'), value))),
  );
}

/** The constants of a condition, and values beside them. */
function constantsIn(text: string): readonly JsonValue[] {
  const texts = [...text.matchAll(/'([^'\\\n]*)'|"([^"\\\n]*)"/gu)].map(([, one, other]) => one ?? other ?? '');
  const bare = text.replaceAll(/'[^'\n]*'|"[^"\n]*"/gu, ' ');
  const numbers = [...bare.matchAll(/(?<![\w.])-?[0-9]+(?:\.[0-9]+)?/gu)].map(([number]) => Number(number));
  const around = numbers.flatMap((number) => [number, number + 1, number - 1]);
  const beside = texts.flatMap((value) => [value, `${value}x`]);
  // a number may be the size of a text
  const sized = /\bsize\(|\.size\(/u.test(text) ? around.filter(isSize).map((size) => 'a'.repeat(size)) : [];
  return [...new Set<JsonValue>([...beside, ...around, ...sized, true, false, 'x', 0])].slice(0, MAX_VALUES);
}

function isSize(number: number): boolean {
  return Number.isInteger(number) && number >= 0 && number <= MAX_SIZE;
}

function setPath(object: JsonObject, [name, ...rest]: readonly string[], value: JsonValue): JsonObject {
  if (name === undefined) return object;
  const inner = own(object, name);
  return withMember(object, name, rest.length === 0 ? value : setPath(isJsonObject(inner) ? inner : {}, rest, value));
}

/** Principals that conditions speak of: each of the given ones with a name that a condition compares with, and beside it. */
export function conditionPrincipals(
  conditions: readonly Condition[],
  bases: readonly Principal[],
): readonly Principal[] {
  const [base = {}] = bases;
  const atoms = conditions.flatMap(({ tree }) => atomsOf(tree)).filter(({ path }) => path[0] === 'principal');
  return atoms.flatMap(({ path: [, field = ''], value }) =>
    [value]
      .flat()
      .flatMap((name) => (typeof name === 'string' ? [name, `${name}x`] : []))
      .map((name) => withMember(base as JsonObject, field, field === 'roles' ? [name] : name) as Principal),
  );
}
