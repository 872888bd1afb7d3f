export { addressClass, type AddressClass } from './addresses/address-class.ts';
export { standardKinds } from './standard-kinds.ts';
export type { UrlProblemCode } from './url/problems.ts';
export type { UrlScheme, UrlSpecification } from './url/specification.ts';
export { urlKind } from './url/url-kind.ts';
