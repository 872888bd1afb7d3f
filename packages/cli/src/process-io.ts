import { fstatSync } from 'node:fs';
import process from 'node:process';

import type { CommandIo } from './command-io.ts';

const STANDARD_INPUT = 0;

/** The streams, environment and signals of this process, and the way to let go of them. */
export function createProcessIo(): { readonly io: CommandIo; readonly release: () => void } {
  let isStandardInputOpen = false;
  const io: CommandIo = {
    // Read late: to touch standard input is to open it.
    get stdin() {
      isStandardInputOpen = true;
      refuseDirectory();
      return process.stdin;
    },
    get stdinIsTerminal() {
      isStandardInputOpen = true;
      return process.stdin.isTTY;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    onInterrupt: (listener) => {
      process.once('SIGINT', listener);
      process.once('SIGTERM', listener);
      return () => {
        process.off('SIGINT', listener);
        process.off('SIGTERM', listener);
      };
    },
  };
  // A producer that still writes must not keep a finished command alive.
  const release = (): void => {
    if (isStandardInputOpen) process.stdin.destroy();
  };
  return { io, release };
}

/** Node gives an empty stream for a directory, and an empty input is one where every call is allowed. */
function refuseDirectory(): void {
  if (fstatSync(STANDARD_INPUT).isDirectory()) throw Object.assign(new Error('is a directory'), { code: 'EISDIR' });
}
