import type { KindProblem } from '@callgate/policy';

/** What is wrong with an address or network. */
export type CidrProblemCode =
  | 'cidr.syntax'
  | 'cidr.form'
  | 'cidr.version'
  | 'cidr.translated'
  | 'cidr.host_bits'
  | 'cidr.too_broad'
  | 'cidr.outside'
  | 'cidr.excepted';

export function cidrProblem(code: CidrProblemCode, expected: string, got: string, hint?: string): KindProblem {
  const verdict = code === 'cidr.syntax' ? 'error' : 'fail';
  return { code, verdict, pointer: '', expected, got, ...(hint === undefined ? {} : { hint }) };
}
