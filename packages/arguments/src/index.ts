export { addressClass, type AddressClass } from './addresses/address-class.ts';
export { cidrKind } from './cidr/cidr-kind.ts';
export type { CidrProblemCode } from './cidr/problems.ts';
export type { CidrSpecification } from './cidr/specification.ts';
export { standardKinds } from './standard-kinds.ts';
export type { UrlProblemCode } from './url/problems.ts';
export type { UrlScheme, UrlSpecification } from './url/specification.ts';
export { urlKind } from './url/url-kind.ts';
