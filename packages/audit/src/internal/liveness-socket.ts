import { createConnection, createServer, type Server } from 'node:net';
import { join } from 'node:path';

import { errnoOf, type FileOperations } from './file-operations.ts';
import type { Liveness } from './process-identity.ts';

const SOCKET_PREFIX = '.ledger-live-';

// sockaddr_un(7): 108 bytes with the final zero on Linux, 104 on others
const MAX_PATH_BYTES = 103;
const PROBE_MS = 2000;

/**
 * A Unix socket that listens as long as its process lives, next to the lock file. The kernel answers for a process that
 * cannot be seen by number, in another container: a connection is refused exactly when nobody listens any more.
 */
export interface LivenessSocket {
  /** The file's name; null where a socket is not to be had: on Windows, on a long path, on some file systems. */
  readonly name: string | null;
  /** Stops listening and removes the file. */
  close(): Promise<void>;
}

export async function openLivenessSocket(directory: string, token: string): Promise<LivenessSocket> {
  const name = `${SOCKET_PREFIX}${token.slice(0, 8)}`;
  const path = join(directory, name);
  const server = process.platform === 'win32' || Buffer.byteLength(path) > MAX_PATH_BYTES ? null : await listen(path);
  if (server === null) return { name: null, close: () => Promise.resolve() };
  return { name, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

/** Whether the socket's process still listens. Only a refusal by the kernel counts as dead. */
export async function probeLivenessSocket(directory: string, name: string): Promise<Liveness> {
  return new Promise((resolve) => {
    const connection = createConnection(join(directory, name));
    const answer = (liveness: Liveness): void => {
      connection.destroy();
      resolve(liveness);
    };
    connection.setTimeout(PROBE_MS, () => answer('unknown'));
    connection.once('connect', () => answer('alive'));
    connection.once('error', (error) => answer(errnoOf(error) === 'ECONNREFUSED' ? 'dead' : 'unknown'));
  });
}

/** Removes sockets that nobody listens on. */
export async function sweepSockets(files: FileOperations, directory: string): Promise<void> {
  for (const name of await files.list(directory)) {
    if (!name.startsWith(SOCKET_PREFIX)) continue;
    if ((await probeLivenessSocket(directory, name)) === 'dead') await files.remove(join(directory, name));
  }
}

async function listen(path: string): Promise<Server | null> {
  return new Promise((resolve) => {
    const server = createServer((connection) => connection.destroy());
    // before it listens: no socket, so doubt about this process will stand; later: a probe is answered by the kernel anyway
    server.on('error', () => resolve(null));
    server.listen(path, () => resolve(server));
    server.unref();
  });
}
