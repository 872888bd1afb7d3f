/** @throws {RangeError} for a number outside its range, or what is none */
export function inRange(name: string, value: number, least: number, most: number): number {
  if (!(value >= least && value <= most)) throw new RangeError(`${name}: expected ${least} to ${most}, got ${value}`);
  return value;
}
