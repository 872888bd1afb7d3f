import type { JsonObject, JsonValue } from '@callgate/canonical';

import type { Principal } from '../call.ts';
import { instanceOf } from '../compare/name-patterns.ts';
import { withMember, withoutMember } from '../compare/object-members.ts';
import type { WhoDocument } from '../document/types.ts';
import type { WhoCheck } from '../match/who.ts';
import { withFact, type Situation } from './situation.ts';

const MAX_NAMES = 8;
/** Stands for any run of characters in a name that a pattern admits, and for anybody in particular. */
const SOMETHING = 'x';
const SOMEBODY = 'somebody';

/** Situations whose principal the check admits: one for each of the first names that `who` lists. */
export function admitted(
  situation: Situation,
  { dimension, field }: WhoCheck,
  who: WhoDocument | undefined,
): readonly Situation[] {
  return (who?.[dimension] ?? []).slice(0, MAX_NAMES).map((pattern) => {
    const name = instanceOf(pattern, SOMETHING);
    return withPrincipal(situation, field, field === 'roles' ? [...rolesOf(situation), name] : name);
  });
}

/** The first way to have all the checks admit the principal. */
export function admittedByAll(
  situation: Situation,
  checks: readonly WhoCheck[],
  who: WhoDocument | undefined,
): Situation {
  return checks.reduce((current, check) => {
    if (check.test(current.call.principal) === 'pass') return current;
    return admitted(current, check, who)[0] ?? current;
  }, situation);
}

/** A situation in which somebody in particular acts. */
export function identified(situation: Situation): Situation {
  return withPrincipal(situation, 'user', SOMEBODY);
}

/** The situation with a principal whom the check does not admit: without the name, or without the roles that are. */
export function notAdmitted(situation: Situation, check: WhoCheck): Situation {
  const { field } = check;
  if (field !== 'roles') return withPrincipal(situation, field, undefined);
  const others = rolesOf(situation).filter((role) => check.test({ roles: [role] }) !== 'pass');
  return withPrincipal(situation, field, others.length === 0 ? undefined : others);
}

function rolesOf({ call }: Situation): readonly string[] {
  const roles: unknown = call.principal.roles;
  return Array.isArray(roles) ? roles.filter((role): role is string => typeof role === 'string') : [];
}

function withPrincipal(situation: Situation, field: keyof Principal, value: JsonValue | undefined): Situation {
  const principal = situation.call.principal as JsonObject;
  return withFact(
    situation,
    'principal',
    value === undefined ? withoutMember(principal, field) : withMember(principal, field, value),
  );
}
