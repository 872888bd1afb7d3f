import process from 'node:process';

import type { CommandIo } from './command-io.ts';

/** The streams, environment and signals of this process, and the way to let go of them. */
export function createProcessIo(): { readonly io: CommandIo; readonly release: () => void } {
  let isStandardInputOpen = false;
  const io: CommandIo = {
    // Read late: to touch standard input is to open it.
    get stdin() {
      isStandardInputOpen = true;
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
