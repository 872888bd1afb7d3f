export {
  checkManifest,
  verdictOf,
  type CheckedItem,
  type ManifestCheck,
  type SeenServer,
} from './drift/check-manifest.ts';
export { checkPage } from './drift/check-page.ts';
export type { DriftChoice, DriftClass, DriftPolicy } from './drift/drift-class.ts';
export { verdictOn, type Verdict } from './drift/verdict.ts';
export { findTemplates } from './manifest/find-templates.ts';
export type { CommandIdentity, ServerIdentity, UrlIdentity } from './identity/identity.ts';
export { peerKeyDigest } from './identity/peer-key.ts';
export { resolveCommandIdentity, urlIdentity } from './identity/resolve-identity.ts';
export { LockError, LockFileError } from './lock/errors.ts';
export type { Lock, LockedServer } from './lock/lock.ts';
export { readLockFile } from './lock/lock-file.ts';
export {
  manifestDigest,
  type ItemKind,
  type Manifest,
  type ManifestItem,
  type ManifestProblem,
} from './manifest/manifest.ts';
export { readManifest } from './manifest/read-manifest.ts';
