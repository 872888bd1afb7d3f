import type { Verdict } from '../codes.ts';
import type { Exchange } from '../connection/exchange.ts';

/** The longest time that a timer takes, milliseconds (HTML, timers: a signed 32-bit integer). */
const MAX_TIMER_MS = 0x7fff_ffff;

/**
 * Waits for a place under a cap of calls under way, where that is all that a call lacks and the cap has a queue with room. Undefined for
 * any other call.
 *
 * @param judgeAgain decides anew, now, and reserves what it allows
 * @returns the verdict to act on: what was said last when time was up. It rejects with what `judgeAgain` throws: whoever freed the place goes on
 */
export function waitForPlace(
  exchange: Exchange,
  refused: Verdict,
  judgeAgain: () => Verdict,
): Promise<Verdict> | undefined {
  if (refused.code !== 'concurrency.exceeded') return undefined;
  let verdict = refused;
  let finish: () => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const waiting = exchange.asked?.attempt?.wait(() => {
    if (exchange.phase === 'done') return undefined;
    try {
      verdict = judgeAgain();
    } catch (error) {
      fail(error);
      finish();
      return undefined;
    }
    if (verdict.code === 'concurrency.exceeded') return exchange.asked?.attempt;
    finish();
    return undefined;
  });
  if (waiting === undefined) return undefined;
  return new Promise((resolve, reject) => {
    fail = reject;
    const limitMs = Math.min(waiting.waitMs, refused.obligations.timeoutMs, MAX_TIMER_MS);
    const timer = setTimeout(() => finish(), limitMs);
    finish = () => {
      clearTimeout(timer);
      waiting.leave();
      resolve(verdict);
    };
    exchange.cleanups.push(finish);
  });
}
