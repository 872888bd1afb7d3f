import { createMemorySink, type AuditSink } from '@callgate/audit';

/** A memory sink that a test can break and hold up. */
export interface FailingSink extends AuditSink {
  /** From now on every write rejects with `error`. */
  fail(error?: Error): void;
  /** From now on writes wait until the returned function is called. */
  stall(): () => void;
}

/** Creates a sink for fault injection: it stores nothing that lasts, and fails on demand. */
export function createFailingSink(): FailingSink {
  const memory = createMemorySink();
  let failure: Error | undefined;
  let gate: Promise<void> | undefined;
  return {
    open: () => memory.open(),
    async write(lines) {
      if (gate !== undefined) await gate;
      if (failure !== undefined) throw failure;
      await memory.write(lines);
    },
    close: () => memory.close(),
    fail(error = new Error('injected failure')) {
      failure = error;
    },
    stall() {
      let release: () => void = () => undefined;
      gate = new Promise((resolve) => {
        release = () => {
          gate = undefined;
          resolve();
        };
      });
      return () => release();
    },
  };
}
