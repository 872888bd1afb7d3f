/**
 * A sum of amounts that is exact to the millionth, so that what was added can be taken away again and 0.1 + 0.2 is 0.3.
 *
 * Amounts are finite and not negative; anything else, and what would make the sum unsafe, makes it `over`: more than any maximum, until
 * it is taken away.
 */
export interface Total {
  /** Whole units. */
  units: number;
  /** Millionths, not carried. */
  micros: number;
  /** How many amounts were beyond counting. */
  overs: number;
}

const MICROS = 1_000_000;
/** Below a thousandth of a millionth it is rounding of the number, not part of the amount. */
const NOISE = 1e-3;

export function createTotal(): Total {
  return { units: 0, micros: 0, overs: 0 };
}

/** Whether an amount can be counted. */
export function isAmount(amount: unknown): amount is number {
  return typeof amount === 'number' && amount >= 0 && amount <= Number.MAX_SAFE_INTEGER;
}

/** Adds an amount, and returns what to take away later: the amount, or infinity where it could not be counted. */
export function addAmount(total: Total, amount: number): number {
  if (!isAmount(amount) || total.units + amount > Number.MAX_SAFE_INTEGER) {
    total.overs += 1;
    return Number.POSITIVE_INFINITY;
  }
  const units = Math.floor(amount);
  total.units += units;
  total.micros += microsOf(amount, units);
  return amount;
}

/** Takes away what {@link addAmount} returned. */
export function subtractAmount(total: Total, amount: number): void {
  if (amount === Number.POSITIVE_INFINITY) {
    total.overs -= 1;
    return;
  }
  const units = Math.floor(amount);
  total.units -= units;
  total.micros -= microsOf(amount, units);
}

/** Whether two totals and an amount are together more than `max`. */
export function isMore(first: Total, second: Total, amount: number, max: number): boolean {
  if (first.overs + second.overs > 0 || !isAmount(amount)) return true;
  const units = Math.floor(amount);
  const maxUnits = Math.floor(max);
  const wholes = first.units + second.units + units - maxUnits;
  const parts = first.micros + second.micros + microsOf(amount, units) - Math.floor((max - maxUnits) * MICROS + NOISE);
  return wholes * MICROS + parts > 0;
}

/** As a number, for people. */
export function valueOf(first: Total, second: Total): number {
  if (first.overs + second.overs > 0) return Number.MAX_SAFE_INTEGER;
  const micros = first.micros + second.micros;
  const carried = Math.floor(micros / MICROS);
  return first.units + second.units + carried + (micros - carried * MICROS) / MICROS;
}

/** Rounded up: what is less than a millionth counts as one. */
function microsOf(amount: number, units: number): number {
  return amount === units ? 0 : Math.ceil((amount - units) * MICROS - NOISE);
}
