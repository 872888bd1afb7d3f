import type { MeterDocument } from '../document/control-types.ts';
import { roundedUp } from './count-limits.ts';
import type { ObservedRate } from './suggestion.ts';

const MAX_ID_LENGTH = 64;
/** As many as a policy may have. */
const MAX_METERS = 1000;

/**
 * Meters that let pass as many calls as there were, and a little more: bounds of 1, 2, 5, 10, 20, 50, ….
 *
 * @param isInRuns whether every call of the tool was made in a run: one that is not could not be counted, and would be denied
 */
export function rateMeters(
  rates: readonly ObservedRate[],
  isInRuns: (rate: ObservedRate) => boolean,
): readonly MeterDocument[] {
  const taken = new Set<string>();
  return rates
    .filter((rate) => rate.per === 'minute' || isInRuns(rate))
    .slice(0, MAX_METERS)
    .map(({ server, tool, per, most }): MeterDocument => {
      const [id, match, max] = [freeId(`${tool}-per-${per}`, taken), { server, tool }, roundedUp(most)];
      return per === 'run'
        ? { id, match, count: 'calls', per: ['run'], max }
        : { id, match, count: 'calls', per: [], within: '1m', max };
    });
}

/** An id that nothing has yet. */
function freeId(text: string, taken: Set<string>): string {
  const plain = text.replaceAll(/[^A-Za-z0-9_.-]/gu, '-').replace(/^[^A-Za-z0-9]+/u, '');
  for (let number = 1; ; number += 1) {
    const end = number === 1 ? '' : `-${number}`;
    const id = `${plain.slice(0, MAX_ID_LENGTH - end.length)}${end}`;
    if (taken.has(id)) continue;
    taken.add(id);
    return id;
  }
}
