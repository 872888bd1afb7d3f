import type { CommandContext } from '../command.ts';

const INTERVAL_MS = 500;

/** Runs `work`, and shows on a terminal's standard error how long it has been at it. */
export async function withElapsed<Result>(
  context: CommandContext,
  label: string,
  work: () => Promise<Result>,
): Promise<Result> {
  if (context.io.stderr.isTTY !== true) return work();
  const { stderr } = context.io;
  const startedAt = Date.now();
  let isVisible = false;
  const write = (text: string): void => {
    stderr.write(text, () => {
      // An extra: nothing depends on it.
    });
  };
  const timer = setInterval(() => {
    isVisible = true;
    write(`\r${label}… ${Math.round((Date.now() - startedAt) / 1000)} s\u001B[K`);
  }, INTERVAL_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    if (isVisible) write('\r\u001B[K');
  }
}
