import type { Principal } from '../call.ts';
import type { WhoDocument } from '../document/types.ts';
import { compileNameSet, type GlobTest } from './glob.ts';

/** A dimension of `who`. */
export type Dimension = keyof WhoDocument;

const FIELDS: readonly (readonly [Dimension, keyof Principal])[] = [
  ['agents', 'agent'],
  ['roles', 'roles'],
  ['teams', 'team'],
  ['tenants', 'tenant'],
  ['users', 'user'],
  ['workloads', 'workload'],
];

/** What a dimension says about a principal. An error never counts as a pass. */
type WhoResult = 'pass' | 'fail' | 'error';

/** One dimension of `who`, compiled. */
export interface WhoCheck {
  readonly dimension: Dimension;
  readonly field: keyof Principal;
  test(principal: Principal): WhoResult;
}

/** Compiles `who`. All of the checks must pass. */
export function compileWho(who: WhoDocument | undefined): readonly WhoCheck[] {
  if (who === undefined) return [];
  return FIELDS.flatMap(([dimension, field]) => {
    const patterns = who[dimension];
    if (patterns === undefined) return [];
    const matches = compileNameSet(patterns);
    return [{ dimension, field, test: field === 'roles' ? testRoles(matches) : testField(field, matches) }];
  });
}

function testField(field: Exclude<keyof Principal, 'roles'>, matches: GlobTest): WhoCheck['test'] {
  return (principal) => {
    const value: unknown = principal[field];
    if (value === undefined || value === '') return 'fail';
    if (typeof value !== 'string') return 'error';
    return matches(value) ? 'pass' : 'fail';
  };
}

function testRoles(matches: GlobTest): WhoCheck['test'] {
  return (principal) => {
    const roles: unknown = principal.roles;
    if (roles === undefined) return 'fail';
    if (!Array.isArray(roles) || !roles.every((role) => typeof role === 'string')) return 'error';
    return roles.some((role) => role !== '' && matches(role)) ? 'pass' : 'fail';
  };
}

/** Whether anybody in particular acts: a user, an agent or a workload. */
export function isIdentified(principal: Principal): boolean {
  return isName(principal.user) || isName(principal.agent) || isName(principal.workload);
}

function isName(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
