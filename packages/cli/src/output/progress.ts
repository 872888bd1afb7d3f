import type { CommandContext } from '../command.ts';

const INTERVAL_MS = 200;

/** A count that is shown while it grows. */
export interface Progress {
  update(count: number): void;
  /** Takes the line away. */
  clear(): void;
}

/** Shows progress on standard error, only where that is a terminal and standard output is not: there it would mix. */
export function createProgress(context: CommandContext, unit: string): Progress {
  const isShown = context.io.stderr.isTTY === true && context.io.stdout.isTTY !== true;
  let shownAt = Date.now();
  let isVisible = false;
  const write = (text: string): void => {
    context.io.stderr.write(text, () => {
      // Progress is an extra: nothing depends on it.
    });
  };
  return {
    update: (count) => {
      if (!isShown || count % 256 !== 0 || Date.now() - shownAt < INTERVAL_MS) return;
      shownAt = Date.now();
      isVisible = true;
      write(`\r${count.toLocaleString('en-US')} ${unit}…\u001B[K`);
    },
    clear: () => {
      if (isVisible) write('\r\u001B[K');
      isVisible = false;
    },
  };
}
