/** A sum of numbers that loses nothing to rounding on the way (Neumaier 1974): the order of what is added hardly matters. */
export class CompensatedSum {
  #sum = 0;
  #lost = 0;

  add(value: number): void {
    const sum = this.#sum + value;
    this.#lost += Math.abs(this.#sum) >= Math.abs(value) ? this.#sum - sum + value : value - sum + this.#sum;
    this.#sum = sum;
  }

  /** Rounded to 12 significant digits; what is too large for a number is the largest. */
  get value(): number {
    const value = this.#sum + this.#lost;
    return Number.isFinite(value) ? Number(value.toPrecision(12)) : Number.MAX_VALUE;
  }
}
