import type { ConfigText } from './config-text.ts';
import type { HostId } from './hosts.ts';

/** How a host reaches a server. */
export type ServerTransport = 'stdio' | 'http' | 'sse';

/** One server as a configuration file has it. Texts that may hold a secret are {@link ConfigText}. */
export interface ConfiguredServer {
  readonly host: HostId;
  readonly name: string;
  /** Where its entry begins, from 1. */
  readonly line: number;
  /** The folder that the file says the entry is for, as written there; null where the file says none. */
  readonly project: string | null;
  readonly transport: ServerTransport;
  /** The program and its arguments; empty for a server behind a URL. */
  readonly command: readonly ConfigText[];
  readonly url: ConfigText | null;
  readonly workingDirectory: ConfigText | null;
  /** Variables that are set for the server. */
  readonly environment: ReadonlyMap<string, ConfigText>;
  /** Headers that are sent. */
  readonly headers: ReadonlyMap<string, ConfigText>;
  /** Credentials under keys of their own: `apiKey`, `bearer_token`, an OAuth client secret. */
  readonly credentials: ReadonlyMap<string, ConfigText>;
  /** Variables of the host's environment, or secrets in its keyring, that are handed on by name. */
  readonly passed: readonly PassedSecret[];
  /** A file of variables that the host reads. */
  readonly hasEnvironmentFile: boolean;
  /** A program that the host asks for headers. */
  readonly hasHeadersHelper: boolean;
  /** OAuth is configured. */
  readonly hasOauth: boolean;
  /** The host starts it. */
  readonly isEnabled: boolean;
  /** Tools that the host calls without asking; null where the entry says nothing. */
  readonly approved: { readonly line: number; readonly tools: 'all' | readonly string[] } | null;
}

/** A credential that a configuration names without holding it. */
export interface PassedSecret {
  /** The variable, or the key in the keyring. */
  readonly name: string;
  readonly from: 'environment' | 'keyring';
  /** The header that it is sent in; null for a variable of the server. */
  readonly header: string | null;
  /** It is sent as `Bearer …`. */
  readonly isBearer: boolean;
}

/** What is wrong with a configuration text. Never holds text of the file but names of servers. */
export interface ConfigProblem {
  readonly code: 'malformed' | 'entry-unknown' | 'too-many-servers';
  /** Null where the place is not known. */
  readonly line: number | null;
  readonly message: string;
}

/** What a host would take from one configuration text. */
export interface HostConfig {
  readonly servers: readonly ConfiguredServer[];
  readonly problems: readonly ConfigProblem[];
  /** Folders that the file names as the user's projects, as written there. */
  readonly projects: readonly string[];
  /** Switches of the whole host that let every tool be called without asking. */
  readonly approvals: readonly { readonly line: number; readonly key: string }[];
}
