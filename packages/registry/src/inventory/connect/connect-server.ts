import type { ConfiguredServer } from '../configured-server.ts';
import type { DescribedTool } from '../suggest-ring.ts';

/** What a server said when it was asked for its tools. */
export type ServerAnswer =
  | {
      readonly kind: 'answered';
      readonly name: string;
      readonly version: string;
      readonly tools: readonly DescribedTool[];
    }
  /** `reason` is for a person and holds nothing of the configuration or of the server's answer. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Asks a configured server for its tools. May start a program or use the network. */
export type ConnectServer = (server: ConfiguredServer, signal?: AbortSignal) => Promise<ServerAnswer>;
