/** How long a store may take over one item; what takes longer has failed. */
const STORE_MS = 5_000;

/**
 * What `work` comes to, or a `TimeoutError` when it takes longer than a store may. The work is told by its signal, and not waited for.
 *
 * @param maxMs default 5,000
 */
export async function timely<Result>(
  work: (signal: AbortSignal) => Result | Promise<Result>,
  maxMs: number = STORE_MS,
): Promise<Result> {
  const signal = AbortSignal.timeout(maxMs);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });
  // In a function of its own: work that throws at once must not leave `late` behind, to reject with nobody there.
  const working = (async () => work(signal))();
  return Promise.race([working, late]);
}
