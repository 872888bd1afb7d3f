export {
  checkManifest,
  verdictOf,
  type CheckedItem,
  type ManifestCheck,
  type SeenServer,
} from './drift/check-manifest.ts';
export type { ComparedItem } from './drift/compare-items.ts';
export { DRIFT_CLASSES, type DriftChoice, type DriftClass, type DriftPolicy } from './drift/drift-class.ts';
export type { Drift } from './drift/drift.ts';
export { classifyDrift } from './drift/item-drift.ts';
export { driftLines, type DiffLine } from './drift/line-diff.ts';
export type { Verdict } from './drift/verdict.ts';
export { identityChanges, type IdentityChange } from './identity/identity-changes.ts';
export type { CommandIdentity, PackageIdentity, ServerIdentity, UrlIdentity } from './identity/identity.ts';
export { peerKeyDigest } from './identity/peer-key.ts';
export { resolveCommandIdentity, urlIdentity, type ResolveOptions } from './identity/resolve-identity.ts';
export {
  approvePending,
  observeServer,
  pendingTargets,
  revokeDigest,
  type ApprovalTarget,
  type Approved,
  type Observation,
} from './lock/edit-lock.ts';
export { LockError, LockFileError, type LockErrorCode, type LockIssue } from './lock/errors.ts';
export { readLockFile, writeLockFile } from './lock/lock-file.ts';
export {
  EMPTY_LOCK,
  LOCK_FILE_NAME,
  LOCK_VERSION,
  type Approval,
  type Lock,
  type LockedServer,
  type Pending,
  type PinnedItem,
  type Revocation,
} from './lock/lock.ts';
export { parseLock } from './lock/parse-lock.ts';
export { lastSeen, type LastSeen } from './lock/last-seen.ts';
export { printLock } from './lock/print-lock.ts';
export { lockJsonSchema } from './lock/schema.ts';
export {
  ITEM_KINDS,
  manifestDigest,
  type ItemKind,
  type Manifest,
  type ManifestItem,
  type ManifestProblem,
  type ManifestProblemCode,
} from './manifest/manifest.ts';
export { readManifest, type Advertised } from './manifest/read-manifest.ts';
export { ConfigText } from './inventory/config-text.ts';
export type {
  ConfigProblem,
  ConfiguredServer,
  HostConfig,
  PassedSecret,
  ServerTransport,
} from './inventory/configured-server.ts';
export type { ConnectServer, ServerAnswer } from './inventory/connect/connect-server.ts';
export { createConnector, type ConnectorOptions } from './inventory/connect/create-connector.ts';
export type { AuthenticationMode, CredentialSource } from './inventory/credential-use.ts';
export { detectSecrets, type SecretDetector, type SecretMatch } from './inventory/detect-secrets.ts';
export type { FileAccess, FileReading } from './inventory/file-access.ts';
export {
  FLAGS,
  SEVERITIES,
  type FlagDescription,
  type FlagId,
  type FlagSeverity,
} from './inventory/flags/flag-table.ts';
export type { Governance, GovernedIdentity, GovernedServer } from './inventory/governance.ts';
export {
  HOSTS,
  HOST_IDS,
  VARIABLES,
  type ConfigFormat,
  type HostDescription,
  type HostFile,
  type HostId,
  type HostPaths,
  type Platform,
  type Scope,
} from './inventory/hosts.ts';
export type {
  Inventory,
  InventoryFile,
  InventoryFinding,
  InventoryReach,
  InventoryServer,
  InventoryTool,
} from './inventory/inventory.ts';
export type { ConfigOwner, ScannedSystem } from './inventory/locations.ts';
export { nodeFiles } from './inventory/node-files.ts';
export { readHostConfig } from './inventory/read-host-config.ts';
export { suggestRing, type DescribedTool, type RingSuggestion, type SideEffect } from './inventory/suggest-ring.ts';
export { takeInventory, type InventoryOptions } from './inventory/take-inventory.ts';
