import type { ServerTransport } from './configured-server.ts';
import type { AuthenticationMode, CredentialSource } from './credential-use.ts';
import type { FlagId, FlagSeverity } from './flags/flag-table.ts';
import type { Governance } from './governance.ts';
import type { HostId } from './hosts.ts';
import type { ConfigOwner } from './locations.ts';
import type { RingSuggestion, SideEffect } from './suggest-ring.ts';

/** A configuration file that is there. */
export interface InventoryFile {
  readonly host: HostId;
  readonly path: string;
  readonly owner: ConfigOwner;
  /** `read`, also where it has mistakes; `unreadable` has a finding with the reason. */
  readonly state: 'read' | 'unreadable';
}

/** A tool that a server told of. */
export interface InventoryTool {
  readonly name: string;
  readonly effect: SideEffect;
  readonly ring: RingSuggestion['ring'];
  /** Why that ring. */
  readonly reason: string;
}

/** Whether a server told its tools. */
export type InventoryReach =
  | { readonly kind: 'not-asked' }
  | {
      readonly kind: 'reached';
      readonly name: string;
      readonly version: string;
      readonly tools: readonly InventoryTool[];
    }
  | { readonly kind: 'failed'; readonly reason: string };

/** One configured server. Holds no secret: arguments and URL are masked, of variables and headers only the names are there. */
export interface InventoryServer {
  readonly host: HostId;
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly owner: ConfigOwner;
  /** The project folder that an entry of a user's file is for, as written there; else null. */
  readonly project: string | null;
  readonly transport: ServerTransport;
  /** The program and its arguments, masked; empty for a server behind a URL. */
  readonly command: readonly string[];
  /** Masked. */
  readonly url: string | null;
  readonly isEnabled: boolean;
  readonly authentication: AuthenticationMode;
  readonly credential: CredentialSource;
  /** Names of variables that are set for it. */
  readonly environment: readonly string[];
  /** Names of headers that are sent. */
  readonly headers: readonly string[];
  readonly ring: { readonly ring: RingSuggestion['ring']; readonly reason: string };
  readonly reach: InventoryReach;
  /** Null where no policy was given. */
  readonly governance: Governance | null;
}

/** Something to look at. Holds no secret. */
export interface InventoryFinding {
  readonly id: FlagId;
  readonly severity: FlagSeverity;
  readonly host: HostId;
  readonly file: string;
  /** From 1; null for the whole file. */
  readonly line: number | null;
  /** The server's name, null for the file. */
  readonly server: string | null;
  readonly message: string;
}

/** What is configured on a system. Plain data, the same for the same files. */
export interface Inventory {
  readonly files: readonly InventoryFile[];
  readonly servers: readonly InventoryServer[];
  readonly findings: readonly InventoryFinding[];
}
